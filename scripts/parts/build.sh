# Sourced by the scripts, which have set root (the checkout) and fail (how they end).
# Leaves java, build (spark-trainer/target) and jar (the one jar of the newest build), which it makes
# if there is none.
build=$root/spark-trainer/target

java=java
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
fi
command -v "$java" >/dev/null ||
  fail "$java not found. Install a JDK 17 and set JAVA_HOME to it, or put its java on the PATH."
major=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
[ "${major:-0}" -ge 17 ] ||
  fail "$java is Java ${major:-of an unknown version}; Lockstep needs 17. Set JAVA_HOME to a JDK 17."

# The jar of the newest build; jvm.options is written last, so it marks a build as complete.
newest_jar() {
  jar=
  local candidate
  for candidate in "$build"/lockstep-[0-9]*.jar; do
    if [ -f "$candidate" ] && { [ -z "$jar" ] || [ "$candidate" -nt "$jar" ]; }; then
      jar=$candidate
    fi
  done
  [ -n "$jar" ] && [ -f "$build/spark/jvm.options" ]
}

# Of all that Maven tells: the modules as they begin, and whatever is wrong. Its terminal library
# ends colours that it never began.
told() {
  local line
  while IFS= read -r line; do
    line=${line//$'\e[0m'/}
    case $line in
      "[INFO] Building Lockstep"*) echo "lockstep: building ${line#*Building }" ;;
      "[ERROR]"*) echo "$line" ;;
    esac
  done
}

if ! newest_jar; then
  command -v mvn >/dev/null ||
    fail "Maven (mvn) is needed for the first build and is not on the PATH."
  echo "lockstep: first call: Maven builds four modules and one jar, without tests. That takes two to" >&2
  echo "lockstep: five minutes, more where 600 MB of libraries are downloaded first." >&2
  (cd "$root" && mvn -B -ntp -Dstyle.color=never -DskipTests -pl spark-trainer -am package 2>&1) |
    told >&2 ||
    fail "the build failed; see above. To repeat it: cd '$root' && mvn -DskipTests package"
  newest_jar || fail "the build left no jar in $build"
fi

for module in datasets parameter-server layers spark-trainer; do
  if [ -n "$(find "$root/$module/src/main" -type f -newer "$jar" -print -quit)" ]; then
    echo "lockstep: $module is newer than the build; to rebuild: mvn -q -DskipTests package" >&2
    break
  fi
done

# A Spark that is installed elsewhere is another one: executors start from ours, whoever starts them.
export SPARK_HOME=$build/spark
SPARK_SCALA_VERSION=$(<"$build/spark/scala-version")
export SPARK_SCALA_VERSION
