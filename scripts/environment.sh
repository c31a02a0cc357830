# Sourced by the other scripts, which have set `clone`. `set_up run` (or `set_up test`) sees to it that the project's own
# Python environment is there, and sets `environment`, `python`, and `bytecode` (empty when Python's default place will do).
#
# The environment is the clone's .venv, or a folder of the user's own when the clone is not writable. Set-up itself is
# environment.py; here is only what is needed to find out, in a few milliseconds, that there is nothing to do.
# A stamp (the clone's path and its pyproject.toml) is written last: without it, or when it differs, set-up runs again.

is_ready() { # ENVIRONMENT run|test
    [ -x "$1/bin/python" ] && [ -r "$1/ready-$2" ] &&
        [ "$(cat "$1/ready-$2")" = "$(echo "$clone" && cat "$clone/pyproject.toml")" ]
}

find_python() { # prints the first Python that is new enough
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "rawkit: needs Python 3.11 or newer, and found none (looked for python3, python3.11 and later on PATH)" >&2
    return 2
}

cache_environment() { # a folder for this clone: its path made readable, and a sum because that is not unique
    sum=$(printf %s "$clone" | cksum)
    echo "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/rawkit/$(basename "$clone")-${sum%% *}"
}

set_up() { # run|test
    bytecode=
    environment=$clone/.venv
    if ! is_ready "$environment" "$1"; then
        if [ ! -w "$clone" ] || { [ -e "$environment" ] && [ ! -w "$environment" ]; }; then
            environment=$(cache_environment)
        fi
        if ! is_ready "$environment" "$1"; then
            base=$(find_python) || exit
            "$base" -I "$clone/scripts/environment.py" "$clone" "$environment" "$1" || exit
        fi
    fi
    [ -w "$clone" ] || bytecode=$environment/bytecode
    python=$environment/bin/python
}
