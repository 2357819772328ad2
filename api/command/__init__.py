"""The command line: every verb of `./dingxin` lives in a module beside this one."""

import typer

main = typer.Typer(name="dingxin", help="定心：农村土地确权与冲突检查。Dingxin: rural land rights and conflicts.")
