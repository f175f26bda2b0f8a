# Sourced by the scripts that run an issue's Shows: sets up, and defines `show` and `all_shows`.
# Arguments: [TORCH_INDEX]      ONLY="demo_seeds kill9" picks some.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
make --silent dev TORCH_INDEX="${1:-}" || exit 2
export PATH="$PWD/.venv/bin:$PATH"
python=.venv/bin/python
failed=()

show() { # NAME COMMAND...
    name=$1
    shift
    case " ${ONLY:-$name} " in *" $name "*) ;; *) return ;; esac
    printf '\n===== %s: %s\n' "$name" "$*"
    began=$(date +%s)
    "$@" || failed+=("$name")
    printf '===== %s took %s s\n' "$name" "$(($(date +%s) - began))"
}

all_shows() {
    if [ ${#failed[@]} -gt 0 ]; then
        printf '\nFAILED: %s\n' "${failed[*]}"
        exit 1
    fi
    printf '\nAll shows hold.\n'
}
