#!/bin/sh
# What the hook of .pre-commit-hooks.yaml starts: the project's own lockstep, whose version is in its lock file, found from the root of
# the repository or else from the staged files upward. It reads the index by itself, so the files are not handed on.
for path in ./. "$@"; do
  while [ "$path" != "${path%/*}" ]; do
    path=${path%/*}
    if [ -x "$path/node_modules/.bin/lockstep" ]; then
      exec "$path/node_modules/.bin/lockstep" check --staged
    fi
  done
done
echo "lockstep: It is not installed in this project: run \"npm install --save-dev lockstep\", or \"npm ci\" where package.json has it." >&2
exit 2
