"""Ours: lists of the model and of the library, then local search around the best. And what it is compared with."""

from __future__ import annotations

import random
from collections.abc import Sequence

from irlens.ir.passes import OZ
from irlens.llvm.compilers import Compiler
from irlens.tuning.evaluation import Evaluation, Strategy
from irlens.tuning.genome import Genome, Vocabulary, crossed, mutate, read, render
from irlens.tuning.library import Chooser, Library
from irlens.tuning.vocabulary import alphabet

_NONE = 1 << 62


class Fixed(Strategy):
    """These lists, in order."""

    def __init__(self, lists: Sequence[str]) -> None:
        self._left = list(dict.fromkeys(lists))

    def propose(self, most: int) -> list[str]:
        now, self._left = self._left[:most], self._left[most:]
        return now

    def learn(self, results: list[Evaluation]) -> None:
        pass


class Elite:
    """The smallest so far, each object once: two lists that make the same object are one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._members: list[tuple[int, Genome, str]] = []

    def add(self, result: Evaluation) -> None:
        if result.value is None or not result.passes:
            return
        genome = read(result.passes)
        for at, (_, other, digest) in enumerate(self._members):
            if digest == result.digest and digest:
                if len(genome) < len(other):
                    self._members[at] = (result.value, genome, digest)
                return
        self._members.append((result.value, genome, result.digest))
        self._members.sort(key=lambda member: member[0])
        del self._members[self._size :]

    def draw(self, rng: random.Random) -> Genome:
        """The better of two."""
        last = len(self._members) - 1
        return self._members[min(rng.randint(0, last), rng.randint(0, last))][1] if last >= 0 else read(OZ)


class Ours(Strategy):
    """`first` are tried before all others (the model's lists). Of a budget of `compilations`, the library has all
    where it is small, later a share; what is left goes to local search."""

    def __init__(
        self,
        library: Library,
        release: int,
        compilations: int,
        *,
        seed: int = 0,
        first: Sequence[str] = (),
        may: set[str] | None = None,
    ) -> None:
        self._rng = random.Random(seed)
        self._first = list(dict.fromkeys(first))
        self._chooser = Chooser(library)
        self._library = [read(passes) for passes in library.lists]
        self._from_library = library_share(compilations)
        genes = dict.fromkeys(alphabet(release), 1.0) | library.weights
        self._vocabulary = Vocabulary(
            [(gene, weight) for gene, weight in genes.items() if may is None or gene.text in may]
        )
        self._elite = Elite(10)
        self._seen: set[str] = {OZ, ""}
        self._oz = 0
        self._given = 0

    def propose(self, most: int) -> list[str]:
        lists: list[str] = []
        while self._first and len(lists) < most:
            self._take(self._first.pop(0), lists)
        while len(lists) < most and self._given < self._from_library:
            some = self._chooser.next(min(4, most - len(lists), self._from_library - self._given))
            if not some:
                self._given = self._from_library
                break
            self._given += len(some)
            for passes in some:
                self._take(passes, lists)
            return lists  # their answers say which come next
        for _ in range(200):
            if len(lists) >= most:
                break
            self._take(render(self._neighbour()), lists)
        return lists

    def learn(self, results: list[Evaluation]) -> None:
        for result in results:
            if result.passes == OZ and result.value:
                self._oz = result.value
            self._elite.add(result)
            if self._oz:
                ratio = None if result.value is None else result.value / self._oz
                self._chooser.observe(result.passes, ratio)

    def _take(self, passes: str, lists: list[str]) -> None:
        if passes and passes not in self._seen:
            self._seen.add(passes)
            lists.append(passes)

    def _neighbour(self) -> Genome:
        rng = self._rng
        genome = self._elite.draw(rng)
        roll = rng.random()
        if roll < 0.12 and self._library:
            return crossed(genome, rng.choice(self._library), rng)
        if roll < 0.22:
            return crossed(genome, self._elite.draw(rng), rng)
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            genome = mutate(genome, self._vocabulary, rng)
        return genome


def library_share(compilations: int) -> int:
    """Lists of the library in a budget: all of a small one, a part of what is above."""
    return min(compilations, 24 + max(0, compilations - 24) // 5)


def spellings(compiler: Compiler) -> set[str]:
    """The genes, as text, that this compiler has."""
    return {gene.text for gene in alphabet(compiler.release) if compiler.can(render((gene,)))}


class Random(Strategy):
    """-Oz with 1 to 8 random passes before and after it, every pass as likely as another; what paper and users call
    random search. Nothing is learnt."""

    def __init__(self, release: int, seed: int = 0, may: set[str] | None = None) -> None:
        self._rng = random.Random(f"random {seed}")
        genes = [gene for gene in alphabet(release) if may is None or gene.text in may]
        self._vocabulary = Vocabulary([(gene, 1.0) for gene in genes])
        self._seen = {OZ, ""}

    def propose(self, most: int) -> list[str]:
        lists: list[str] = []
        while len(lists) < most:
            genes = [self._vocabulary.draw(self._rng) for _ in range(self._rng.randint(1, 8))]
            at = self._rng.randint(0, len(genes))
            passes = render((*genes[:at], *read(OZ), *genes[at:]))
            if passes not in self._seen:
                self._seen.add(passes)
                lists.append(passes)
        return lists

    def learn(self, results: list[Evaluation]) -> None:
        pass


class Genetic(Strategy):
    """A plain genetic search: 20 random lists, then tournaments of three, one-point crossover, mutation."""

    POPULATION = 20

    def __init__(self, release: int, seed: int = 0, may: set[str] | None = None) -> None:
        self._rng = random.Random(f"genetic {seed}")
        genes = [gene for gene in alphabet(release) if may is None or gene.text in may]
        self._vocabulary = Vocabulary([(gene, 1.0) for gene in genes])
        self._population: list[tuple[int, Genome]] = []
        self._seen = {OZ, ""}
        self._start = Random(release, seed, may)
        self._given = 0

    def propose(self, most: int) -> list[str]:
        if self._given < self.POPULATION:
            lists = self._start.propose(min(most, self.POPULATION - self._given))
            self._given += len(lists)
            self._seen.update(lists)
            return lists
        lists = []
        for _ in range(200):
            if len(lists) >= most:
                break
            child = crossed(self._parent(), self._parent(), self._rng)
            if self._rng.random() < 0.7:
                child = mutate(child, self._vocabulary, self._rng)
            passes = render(child)
            if passes and passes not in self._seen:
                self._seen.add(passes)
                lists.append(passes)
        return lists

    def learn(self, results: list[Evaluation]) -> None:
        for result in results:
            if result.passes:
                value = _NONE if result.value is None else result.value
                self._population.append((value, read(result.passes)))
        self._population.sort(key=lambda member: member[0])
        del self._population[self.POPULATION :]

    def _parent(self) -> Genome:
        size = len(self._population) - 1
        return self._population[min(self._rng.randint(0, size) for _ in range(3))][1]
