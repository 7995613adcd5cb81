#!/bin/bash
# version.sh FORMAT prints the version of this state of the sources as deb, rpm or apk writes it, made of what git knows.
#
#                       deb, rpm                    apk
#   no tag yet          0~git75.6dbd50e             0_git75        75 commits; older than any release
#   tag v1.2.0          1.2.0                       1.2.0
#   5 commits later     1.2.0+git5.6dbd50e          1.2.0_git5     between 1.2.0 and 1.2.1
#   tag v1.3.0-rc1      1.3.0~rc1                   1.3.0_rc1      older than 1.3.0
#   uncommitted work    ...+dirty                   (cannot say)
set -euo pipefail

format=${1:?usage: version.sh deb|rpm|apk}
case $format in
deb | rpm) early='~' later=+git with_commit=1 ;;
apk) early=_ later=_git with_commit= ;;
*) echo "version.sh: unknown format $format: one of deb, rpm, apk" >&2; exit 2 ;;
esac

commit=$(git rev-parse --short HEAD)
if [[ $(git rev-parse --is-shallow-repository) == true ]]; then
    echo "version.sh: this clone does not have all commits: its version is older than it should be (git fetch --unshallow)" >&2
fi
# The highest one: another branch that was merged may have a nearer one.
tag=$(git -c versionsort.suffix=- tag --merged HEAD --list 'v[0-9]*' --sort=-version:refname | head -n 1)
if [[ -n $tag ]]; then
    version=${tag#v}
    version=${version/-/$early}
    # apk has rc1, not rc.1.
    [[ $format != apk || $version != *_* ]] || version=${version%%_*}_$(tr -d . <<<"${version#*_}")
    count=$(git rev-list --count "$tag..HEAD")
    if ((count > 0)); then
        version+=$later$count${with_commit:+.$commit}
    fi
else
    version=0${early}git$(git rev-list --count HEAD)${with_commit:+.$commit}
fi
if [[ -n $with_commit && -n $(git status --porcelain --untracked-files=no) ]]; then
    version+=+dirty
fi
echo "$version"
