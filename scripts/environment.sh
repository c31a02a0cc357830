# Sourced by the other scripts, which have set `clone`. `set_up run` (or `set_up test`) sees to it that the project's own
# Python environment is there, and sets `environment`, `python`, and `bytecode` (empty when Python's default place will do).
#
# The environment is the clone's .venv, or a folder in the user's cache where that cannot be. Set-up itself is
# environment.py, which says where; here is only what is needed to find out, in a few milliseconds, that there is nothing
# to do. A stamp (the clone's path and its pyproject.toml) is written last: while it differs, set-up runs again.

is_ready() { # ENVIRONMENT run|test
    [ -x "$1/bin/python" ] && [ -r "$1/ready-$2" ] &&
        [ "$(cat "$1/ready-$2")" = "$(printf '%s\n' "$clone" && cat "$clone/pyproject.toml")" ]
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

cache_environment() { # prints a folder for this clone (its name, where that is plain, and a sum of its path); or nothing
    case ${XDG_CACHE_HOME-} in
        /*) cache=$XDG_CACHE_HOME ;;
        *) cache=${HOME:+$HOME/.cache} ;; # a relative one is to be ignored (XDG Base Directory Specification)
    esac
    name=${clone##*/}
    case $name in
        *[!A-Za-z0-9._-]*) name=clone ;;
    esac
    sum=$(printf %s "$clone" | cksum)
    [ -z "$cache" ] || printf '%s\n' "$cache/rawkit/$name-${sum%% *}"
}

set_up() { # run|test
    unset PYTHONHOME PYTHONPATH # made for another Python, and the environment's would obey them
    bytecode=
    environment=$clone/.venv
    is_ready "$environment" "$1" || environment=$(cache_environment)
    if ! is_ready "$environment" "$1"; then
        base=$(find_python) || exit
        environment=$("$base" -IB "$clone/scripts/environment.py" "$clone" "$environment" "$1") || exit
    fi
    [ -w "$clone" ] || bytecode=$environment/bytecode
    python=$environment/bin/python
}
