/**
 * Files of users wherever Hadoop finds them: what a path means, which files stand behind it, how
 * they are packed, and what they are if they are not what they should be.
 */
package io.lockstep.data.file;
