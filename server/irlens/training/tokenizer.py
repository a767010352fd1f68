"""The vocabulary: SentencePiece BPE over the words of the pairs, with byte fallback.

The normal forms separate words by spaces and a piece never crosses one, so question and answer can be
tokenised apart. llama.cpp's tokenizer gives the same pieces: a test and the export compare the two.
"""

from __future__ import annotations

import argparse
from pathlib import Path

SIZE = 2048
_SENTENCES = 60_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the vocabulary on WORK/pairs")
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--size", type=int, default=SIZE)
    options = parser.parse_args()
    train(options.work, options.size)


def train(work: Path, size: int = SIZE) -> Path:
    """Write WORK/tokenizer.model. Held-out pairs are not read."""
    import sentencepiece

    def sentences() -> list[str]:
        found = []
        for path in sorted((work / "pairs").glob("*.tsv")):
            for line in path.read_text().splitlines():
                _, origin, question, answer, _ = line.split("\t")
                if not origin.startswith("held"):
                    found.append(f"{question} {answer}")
                    if len(found) >= _SENTENCES:
                        return found
        return found

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences()),
        model_prefix=str(work / "tokenizer"),
        model_type="bpe",
        vocab_size=size,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=True,
        split_digits=False,
        split_by_number=False,
        split_by_unicode_script=False,
        character_coverage=1.0,
        hard_vocab_limit=False,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        minloglevel=2,
    )
    return work / "tokenizer.model"


if __name__ == "__main__":
    main()
