"""A generated docs folder in, its pages as MkDocs makes them out, each one when it is asked for.

What a page shows stands in its own Markdown and in mkdocs.yml, nowhere else (its front matter names the chapters beside
it), so an edit makes stale just the pages whose Markdown changed, or all where mkdocs.yml or the theme did.
Only the search index knows every page; it is written when none is stale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from schemebook.errors import SchemebookError
from schemebook.handbook.pages import hush_material
from schemebook.scheme.words import what_and_to_do

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

NOT_FOUND = "404.html"
SEARCH = "search/"


class LiveSite:
    """The site of one docs folder. Not safe for threads: its caller sees to it that one at a time comes in."""

    def __init__(self, folder: Path, site: Path) -> None:
        """folder: what `write_pages` wrote. site: an empty folder, for what is made."""
        self.folder, self.site = folder, site
        self._pages: dict[str, File] = {}
        self._others: dict[str, File] = {}
        self._stale: dict[str, None] = {}
        self._names: frozenset[Path] = frozenset()
        self._found: dict[str, list[Any]] = {}
        self._searched = False

    def take(self, changed: Collection[Path]) -> None:
        """Note what `write_pages` has changed; raises SchemebookError where MkDocs cannot use the folder."""
        names = frozenset(path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        docs = self.folder / "docs"
        if names != self._names or not all(path.is_relative_to(docs) for path in changed):
            self._names = frozenset()
            self._load()
            self._names = names
            return
        sources = {path.relative_to(docs).as_posix() for path in changed}
        self._stale |= {address: None for address, file in self._pages.items() if file.src_uri in sources}
        for file in self._others.values():
            if file.src_uri in sources:
                file.copy_file()
        self._searched = self._searched and not self._stale

    def file(self, address: str) -> Path | None:
        """The file for an address below the site's root, made first where it is stale; None where there is none."""
        if address in self._pages:
            self._make(address)
        elif address not in self._others and address != NOT_FOUND and not address.startswith(SEARCH):
            return None
        path = self.site / address
        return path if path.is_file() else None

    def make_next(self) -> bool:
        """Make one page that is stale, at last the search index; whether there was anything to make."""
        if self._stale:
            self._make(next(iter(self._stale)))
        elif not self._searched and self._pages:
            self._write_search()
        else:
            return False
        return True

    def _load(self) -> None:
        """Read the configuration anew; every page is stale."""
        with _mkdocs():
            self._config = self._configured()
            self._collect()
        self._stale = dict.fromkeys(self._pages)
        self._searched = False
        self._found = {}
        self._write_not_found()

    def _configured(self) -> MkDocsConfig:
        from mkdocs.config import load_config

        hush_material()
        config = load_config(config_file=str(self.folder / "mkdocs.yml"), site_dir=str(self.site))
        config.plugins.on_startup(command="serve", dirty=False)
        return config.plugins.on_config(config)

    def _collect(self) -> None:
        """The steps of MkDocs' own build (mkdocs.commands.build) up to the first page."""
        from mkdocs.structure.files import get_files, set_exclusions
        from mkdocs.structure.nav import get_navigation
        from mkdocs.structure.pages import Page

        config = self._config
        config.plugins.on_pre_build(config=config)
        files = get_files(config)
        env = config.theme.get_env()
        files.add_files_from_theme(env, config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        for file in files.documentation_pages():
            if file.page is None:
                Page(None, file, config)
        self._files: Files = files
        self._nav: Navigation = nav
        self._env: Environment = config.plugins.on_env(env, config=config, files=files) or env
        files.copy_static_files(dirty=True)
        self._pages = {file.dest_uri: file for file in files.documentation_pages()}
        self._others = {file.dest_uri: file for file in files if file.dest_uri not in self._pages}

    def _make(self, address: str) -> None:
        # MkDocs has no public way to make one page; 1.6.1 is its last release with plugins, and the pin stays below 2.
        from mkdocs.commands.build import _build_page, _populate_page

        if address not in self._stale:
            return
        page: Any = self._pages[address].page
        search = self._search()
        search.entries = []
        with _mkdocs():
            _populate_page(page, self._config, self._files)
            _build_page(page, self._config, self._files.documentation_pages(), self._nav, self._env)
        self._found[address] = search.entries
        del self._stale[address]

    def _search(self) -> Any:
        """The index of Material's search plugin, which takes in each page as it is made."""
        return next(plugin.search_index for plugin in self._config.plugins.values() if hasattr(plugin, "search_index"))

    def _write_search(self) -> None:
        self._search().entries = [entry for address in self._pages for entry in self._found[address]]
        self._config.plugins.on_post_build(config=self._config)
        self._searched = True

    def _write_not_found(self) -> None:
        """Its links start at the root of the address: one comes to it from anywhere."""
        from mkdocs.commands.build import get_context

        context = get_context(self._nav, self._files, self._config, base_url="/")
        context = self._config.plugins.on_template_context(context, template_name=NOT_FOUND, config=self._config)
        with _mkdocs():
            self.site.joinpath(NOT_FOUND).write_text(self._env.get_template(NOT_FOUND).render(context), "utf-8")


@contextmanager
def _mkdocs() -> Iterator[None]:
    """What MkDocs and its templates raise, as an error of ours."""
    from mkdocs.exceptions import MkDocsException

    try:
        yield
    except (MkDocsException, TemplateError) as error:
        raise SchemebookError(*what_and_to_do("handbook.site-not-built", reason=str(error).rstrip("."))) from None
