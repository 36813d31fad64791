"""MkDocs hooks, each one call into pages.py: `mkdocs build` and `mkdocs serve` at a project's root make its handbook.

The project's own mkdocs.yml only names this plugin; what is built is the generated folder with its own configuration.
Runs unchanged on ProperDocs, the maintained fork of MkDocs.
"""

from __future__ import annotations

import datetime
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin

from schemebook.errors import SchemebookError
from schemebook.handbook.pages import hush_material, watched, whole_project, write_pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

Command = Literal["build", "gh-deploy", "serve"]

log = logging.getLogger("mkdocs.plugins.schemebook")


class SchemebookPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call, unused-ignore]
    """Builds the handbook of the project that its mkdocs.yml stands in."""

    command: Command = "build"

    def on_startup(self, *, command: Command, dirty: bool) -> None:
        """Remember which command runs, for the plugins of the generated configuration."""
        self.command = command

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Write the docs folder, and go on with its configuration in place of the project's."""
        root = Path(config.config_file_path).parent
        folder = root / "build" / "handbook"
        try:
            write_pages(whole_project(root), folder, today=datetime.date.today(), tell=log.info)
        except SchemebookError as error:
            raise PluginError(str(error)) from None
        return generated_config(config, folder, self.command)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Build again when a YAML file, a chapter or a form changes."""
        for folder in watched(Path(config.config_file_path).parent):
            server.watch(str(folder))
        return server


def generated_config(config: MkDocsConfig, folder: Path, command: Command) -> MkDocsConfig:
    """The generated folder's configuration, with its own plugins started; target and address stay the caller's."""
    from mkdocs.config import load_config

    hush_material()
    made = load_config(config_file=str(folder / "mkdocs.yml"), site_dir=config.site_dir, strict=config.strict)
    made.site_url = config.site_url
    made.plugins.on_startup(command=command, dirty=False)
    return made.plugins.on_config(made)
