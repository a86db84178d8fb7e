#!/usr/bin/env bash
# Cuts conf/data/breast-cancer-{train,test}.csv out of the Wisconsin Diagnostic Breast Cancer data.
#
# usage: scripts/data/cut-breast-cancer.sh breast_cancer.csv conf/data
#
# The input is the copy that scikit-learn ships as sklearn/datasets/data/breast_cancer.csv: a first
# line of counts, then 569 rows of 30 numbers and a label, 0 malignant and 1 benign. Kept are the
# ten means (columns 1 to 10) and the label turned round, so that 1 is what is to be found. Every
# fifth row is for testing, the others for training.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '4p' "$0" >&2; exit 2; }
for part in train test; do
  awk -F, -v part="$part" '
    BEGIN {
      print "radius,texture,perimeter,area,smoothness,compactness,concavity,concave points," \
            "symmetry,fractal dimension,malignant"
    }
    NR > 1 && ((NR - 2) % 5 == 0) == (part == "test") {
      for (i = 1; i <= 10; i++) printf "%s,", $i
      print 1 - $31
    }' "$1" > "$2/breast-cancer-$part.csv"
done
