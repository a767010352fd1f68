"""The clients that talk to child processes, made when first needed and made anew when settings change.

Everything here may block for a moment (a child starts), so it is called from worker threads, never from the
event loop. Tests give `create_server` an object of their own with the same methods.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from irlens.errors import ModelUnavailable
from irlens.settings import LlvmSettings, ModelSettings, Settings

if TYPE_CHECKING:
    from irlens.assist.tools import Tools
    from irlens.assist.tune_client import BackgroundTuner
    from irlens.llvm.client import LLVM
    from irlens.model.answers import Answers
    from irlens.model.choice import Wanted
    from irlens.model.client import Model
    from irlens.model.named import Place, Task
    from irlens.tuning.cache import Cache

OnModelState = Callable[[str, str], None]
_CACHE = "tune.sqlite"


class _Closes(Protocol):
    def close(self) -> None: ...


class Backends(Protocol):
    """Where LLVM and the model come from."""

    def llvm(self) -> LLVM: ...

    def tools(self) -> Tools:
        """LLVM with the emulator and the mechanical lifter."""
        ...

    def model(self, task: Task | None = None) -> Model:
        """The model for the task; for none, the one that most tasks use. Raises `ModelUnavailable`."""
        ...

    def background(self) -> BackgroundTuner:
        """Who searches unasked for."""
        ...

    def cache(self) -> Cache:
        """What searches found, from session to session."""
        ...

    def runnable(self) -> Callable[[str], bool]:
        """Whether some runner at hand can run a pass, as a pipeline names it."""
        ...

    def listen(self, on_model_state: OnModelState) -> None:
        """Have every change of the model's state told, on any thread."""
        ...

    def configure(self, settings: Settings) -> None:
        """Use these from the next call on."""
        ...

    def open_folders(self, folders: tuple[str, ...]) -> None:
        """The workspace's folders, below which assembly may include files where the settings allow it."""
        ...

    def close(self) -> None:
        """End every child process. Later calls may fail."""
        ...


class ChildProcesses:
    """The real ones."""

    def __init__(self, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._settings = settings
        self._on_model_state: OnModelState = lambda state, reason: None
        self._llvm: tuple[tuple[LlvmSettings, tuple[str, ...]], LLVM] | None = None
        self._folders: tuple[str, ...] = ()
        self._models: dict[Place, Model] = {}
        self._retired: weakref.WeakSet[Model] = weakref.WeakSet()
        """Replaced by others; whoever is still asking one goes on, and its process ends with the last of them."""
        self._models_made_with: ModelSettings | None = None
        self._answers: tuple[int, Answers] | None = None
        self._tools: Tools | None = None
        self._background: tuple[LlvmSettings, BackgroundTuner] | None = None
        self._cache: Cache | None = None
        self._runnable: tuple[str | None, Callable[[str], bool]] | None = None

    def llvm(self) -> LLVM:
        from irlens.llvm.client import LLVM

        with self._lock:
            wanted = self._settings.llvm
            folders = self._folders if self._settings.asm.include_files else ()
            if self._llvm is not None and self._llvm[0] == (wanted, folders):
                return self._llvm[1]
            old = self._llvm
            client = LLVM(
                workers=wanted.workers,
                time_limit_s=wanted.time_limit,
                memory_limit_mb=wanted.memory_limit,
                opt=wanted.opt,
                assembler=wanted.assembler,
                include_folders=folders,
                measure_with=wanted.measure_with,
            )
            self._llvm = ((wanted, folders), client)
        if old is not None:
            old[1].close()
        return client

    def tools(self) -> Tools:
        from irlens.assist.tools import Tools, at_once
        from irlens.emulator.client import Emulator
        from irlens.mechanical.client import MechanicalLifter

        while True:
            llvm = self.llvm()
            with self._lock:
                if self._llvm is None or self._llvm[1] is not llvm:
                    continue  # the settings changed meanwhile, and nobody may have one that is closed
                old = self._tools
                if old is not None and old.llvm is llvm:
                    return old
                made = self._tools = Tools(llvm, Emulator(workers=at_once()), MechanicalLifter())
            if old is not None:
                old.close_besides_llvm()  # that was closed as it was replaced, or is in use
            return made

    def background(self) -> BackgroundTuner:
        from irlens.assist.tune_client import BackgroundTuner
        from irlens.folders import cache_folder

        with self._lock:
            wanted = self._settings.llvm
            if self._background is not None and self._background[0] == wanted:
                return self._background[1]
            old = self._background
            client = BackgroundTuner(
                cache_folder() / _CACHE, wanted.opt, wanted.memory_limit, wanted.measure_with
            )
            self._background = (wanted, client)
        if old is not None:
            old[1].close()
        return client

    def cache(self) -> Cache:
        from irlens.folders import cache_folder
        from irlens.tuning.cache import Cache

        with self._lock:
            if self._cache is None:
                self._cache = Cache(cache_folder() / _CACHE)
            return self._cache

    def model(self, task: Task | None = None) -> Model:
        from irlens.model.client import Model
        from irlens.model.engine import EngineOptions
        from irlens.model.named import place_of

        with self._lock:
            wanted = self._settings.model
            name = (getattr(wanted, task) if task else None) or wanted.path
            # What was chosen may have changed since; tasks whose models are in one place share one.
            try:
                place = place_of(name, task)
            except ModelUnavailable:
                # Whoever asks it anything is told why, and what to do.
                return Model(name, task=task)
            old = self._forget_models(wanted)
            found = self._models.get(place)
            if found is None:
                options = EngineOptions(
                    gpu_layers=wanted.gpu_layers,
                    threads=wanted.threads,
                    batch_size=wanted.batch_size,
                    context=wanted.context,
                    key_file=wanted.key_file,
                    served_name=wanted.served_name,
                    wait_s=wanted.server_wait,
                )
                found = self._models[place] = Model(
                    place.at,
                    engine=cast("Wanted", wanted.engine),
                    options=options,
                    answers=self._kept_answers(wanted.answer_cache),
                    on_state=self._tell,
                )
            self._retired.update(old)
        return found

    def _forget_models(self, wanted: ModelSettings) -> list[Model]:
        """Those made with other settings, or that no task uses any more; for whoever has the lock."""
        from irlens.model.named import TASKS, place_of

        if self._models_made_with == wanted and len(self._models) < 2:
            return []
        used: set[Place] = set()
        if self._models_made_with == wanted:
            for task in TASKS:
                try:
                    used.add(place_of(getattr(wanted, task) or wanted.path, task))
                except ModelUnavailable:
                    continue
        self._models_made_with = wanted
        unused = [place for place in self._models if place not in used]
        return [self._models.pop(place) for place in unused]

    def _kept_answers(self, megabytes: int) -> Answers | None:
        """For whoever has the lock."""
        from irlens.folders import cache_folder
        from irlens.model.answers import FILE_NAME, Answers

        if not megabytes:
            return None
        if self._answers is None or self._answers[0] != megabytes:
            self._answers = (megabytes, Answers(cache_folder() / FILE_NAME, megabytes << 20))
        return self._answers[1]

    def runnable(self) -> Callable[[str], bool]:
        from irlens.llvm.runners import runnable_with

        with self._lock:
            wanted = self._settings.llvm.opt
            if self._runnable is None or self._runnable[0] != wanted:
                self._runnable = (wanted, runnable_with(wanted))
            return self._runnable[1]

    def listen(self, on_model_state: OnModelState) -> None:
        self._on_model_state = on_model_state

    def _tell(self, state: str, reason: str) -> None:
        """Whoever listens now; the model may be older than the listener."""
        self._on_model_state(state, reason)

    def open_folders(self, folders: tuple[str, ...]) -> None:
        with self._lock:
            self._folders = folders

    def configure(self, settings: Settings) -> None:
        with self._lock:
            self._settings = settings

    def close(self) -> None:
        with self._lock:
            clients: list[_Closes] = [
                pair[1] for pair in (self._llvm, self._background, self._answers) if pair is not None
            ]
            clients += [*self._models.values(), *self._retired]
            clients += [each for each in (self._tools, self._cache) if each is not None]
            self._models = {}
            self._llvm = self._tools = self._background = self._cache = self._answers = None
        for client in clients:
            client.close()
