"""`python -m fahui`: the same as the `fahui` command."""

from fahui.cli import main

if __name__ == "__main__":
    main()
