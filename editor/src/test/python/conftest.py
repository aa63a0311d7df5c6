"""Starts the language server as an editor does, once for all tests."""

import json
import os
import pathlib
import sys

import pytest_lsp
import pytest_lsp.client
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

sys.path.insert(0, str(pathlib.Path(__file__).parent))

ROOT = pathlib.Path(__file__).resolve().parents[4]
COMMAND = json.loads(os.environ.get("CIRCUIT_LSP", "null")) or [str(ROOT / "circuit"), "lsp"]



def make_client():
    """A client that keeps which version of a text its diagnostics are of."""
    made = LanguageClient(converter_factory=default_converter)
    made.published = {}

    def publish(params):
        made.diagnostics[params.uri] = params.diagnostics
        made.published[params.uri] = params

    def register(params):
        made.registered.extend(params.registrations)

    made.registered = []
    features = {
        **pytest_lsp.client.DEFAULT_CLIENT_FEATURES,
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
        types.CLIENT_REGISTER_CAPABILITY: register,
    }
    pytest_lsp.client.register_lsp_features(made, features)
    return made


@pytest_lsp.fixture(
    scope="session",
    config=ClientServerConfig(server_command=COMMAND, client_factory=make_client),
)
async def client(lsp_client: LanguageClient):
    lsp_client.started = await lsp_client.initialize_session(
        types.InitializeParams(
            process_id=os.getpid(),
            capabilities=client_capabilities("visual-studio-code"),
            initialization_options={"virtualDocuments": True},
        )
    )
    yield
    await lsp_client.shutdown_session()
    defects = [m.message for m in lsp_client.log_messages if m.type == types.MessageType.Error]
    assert defects == []
