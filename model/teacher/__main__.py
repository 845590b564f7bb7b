"""``python -m teacher --data CORPORA --output DIR``: teacher, its labels, student, int8 graph."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import torch

from teacher.recipe import (
    Workshop,
    label_articles,
    train_member,
    train_student,
    write_student,
)

_MEMBERS = (("mpnet", 0), ("minilm", 0))  # the last becomes the student


def main(argv: Sequence[str] | None = None) -> int:
    """Run the recipe."""
    parser = argparse.ArgumentParser(prog="python -m teacher")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    parser.add_argument("--packages", type=Path, help="folder of the unpacked encoder packages")
    parser.add_argument("--articles", type=int, default=1600, help="to label for the student")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--hold-out", action="store_true", help="keep a fifth of the outlets back and measure on it"
    )
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(args.threads)
    shop = Workshop.open(args.data, args.output, args.packages, hold_out=args.hold_out)
    members = [train_member(shop, name, seed) for name, seed in _MEMBERS]
    soft = label_articles(shop, members, args.articles)
    write_student(shop, *train_student(shop, members[-1].network, soft))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
