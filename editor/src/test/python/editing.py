"""A script that is open in the editor: what the user does, and what the editor then asks."""

import asyncio
import itertools
import re
import time

from lsprotocol import types as t

_numbers = itertools.count(1)


def units(text):
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def position(text, index):
    """The place of a character as the protocol counts it."""
    before = text[:index]
    lines = re.split(r"\r\n|\r|\n", before)
    return t.Position(line=len(lines) - 1, character=units(lines[-1]))


def index(text, place):
    """The character at a place."""
    at = 0
    for _ in range(place.line):
        match = re.compile(r"\r\n|\r|\n").search(text, at)
        at = match.end()
    left = place.character
    while left > 0:
        left -= units(text[at])
        at += 1
    return at


def edited(text, edits):
    """The text after edits, none of which overlap."""
    places = [(index(text, e.range.start), index(text, e.range.end), e.new_text) for e in edits]
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


class Script:
    """`|` in the text is the cursor; it is taken out."""

    def __init__(self, client, text, uri=None, cursor=True):
        self.client = client
        self.cursor = text.index("|") if cursor and "|" in text else len(text)
        self.text = text.replace("|", "", 1) if cursor else text
        self.uri = uri or f"untitled:script-{next(_numbers)}"
        self.version = 1
        client.text_document_did_open(
            t.DidOpenTextDocumentParams(
                text_document=t.TextDocumentItem(
                    uri=self.uri, language_id="circuitscript", version=1, text=self.text
                )
            )
        )

    @property
    def id(self):
        return t.TextDocumentIdentifier(uri=self.uri)

    @property
    def at(self):
        return position(self.text, self.cursor)

    def range(self, piece, nth=0):
        """Where a piece of the text stands."""
        start = self.text.rindex(piece) if nth < 0 else -1
        for _ in range(nth + 1):
            start = self.text.index(piece, start + 1)
        return t.Range(start=position(self.text, start), end=position(self.text, start + len(piece)))

    def of(self, range_):
        """The text of a range."""
        return self.text[index(self.text, range_.start) : index(self.text, range_.end)]

    def change(self, piece, by, nth=0):
        """Replaces a piece of the text."""
        range_ = self.range(piece, nth)
        start = index(self.text, range_.start)
        self.text = self.text[:start] + by + self.text[start + len(piece) :]
        self.version += 1
        self.client.text_document_did_change(
            t.DidChangeTextDocumentParams(
                text_document=t.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[t.TextDocumentContentChangePartial(range=range_, text=by)],
            )
        )

    def replace(self, text):
        self.text = text
        self.version += 1
        self.client.text_document_did_change(
            t.DidChangeTextDocumentParams(
                text_document=t.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[t.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )

    def close(self):
        self.client.published.pop(self.uri, None)
        self.client.text_document_did_close(t.DidCloseTextDocumentParams(text_document=self.id))

    async def diagnostics(self, timeout=20):
        """Those of this version of the text."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            last = self.client.published.get(self.uri)
            if last and last.version == self.version:
                return list(last.diagnostics)
            await asyncio.sleep(0.01)
        raise TimeoutError(f"no diagnostics of {self.uri} within {timeout} s")

    def _place(self, kind, **more):
        return kind(text_document=self.id, position=self.at, **more)

    async def completion(self):
        return await self.client.text_document_completion_async(self._place(t.CompletionParams))

    async def offers(self):
        return [item.label for item in (await self.completion()).items]

    async def hover(self):
        found = await self.client.text_document_hover_async(self._place(t.HoverParams))
        return found.contents.value if found else None

    async def signature(self):
        return await self.client.text_document_signature_help_async(self._place(t.SignatureHelpParams))

    async def definition(self):
        return await self.client.text_document_definition_async(self._place(t.DefinitionParams))

    async def references(self, declaration=True):
        return await self.client.text_document_references_async(
            self._place(t.ReferenceParams, context=t.ReferenceContext(include_declaration=declaration))
        )

    async def highlights(self):
        return await self.client.text_document_document_highlight_async(self._place(t.DocumentHighlightParams))

    async def prepare_rename(self):
        return await self.client.text_document_prepare_rename_async(self._place(t.PrepareRenameParams))

    async def rename(self, name):
        return await self.client.text_document_rename_async(self._place(t.RenameParams, new_name=name))

    async def renamed(self, name):
        """The text after a renaming."""
        edit = await self.rename(name)
        return edited(self.text, edit.changes[self.uri])

    async def fixes(self, piece, nth=-1):
        return await self.client.text_document_code_action_async(
            t.CodeActionParams(
                text_document=self.id,
                range=self.range(piece, nth),
                context=t.CodeActionContext(diagnostics=[], only=[t.CodeActionKind.QuickFix]),
            )
        )

    async def fixed(self, piece, nth=-1):
        """The text after the first fix."""
        actions = await self.fixes(piece, nth)
        return edited(self.text, actions[0].edit.changes[self.uri])

    async def outline(self):
        return await self.client.text_document_document_symbol_async(t.DocumentSymbolParams(text_document=self.id))

    async def folds(self):
        found = await self.client.text_document_folding_range_async(t.FoldingRangeParams(text_document=self.id))
        return [(f.start_line, f.end_line) for f in found]

    async def formatted(self):
        edits = await self.client.text_document_formatting_async(
            t.DocumentFormattingParams(
                text_document=self.id, options=t.FormattingOptions(tab_size=2, insert_spaces=True)
            )
        )
        return edited(self.text, edits or [])

    async def lenses(self):
        return await self.client.text_document_code_lens_async(t.CodeLensParams(text_document=self.id))

    async def colors(self, range_=None):
        """(text, type, modifiers) of each token."""
        legend = self.client.started.capabilities.semantic_tokens_provider.legend
        if range_:
            tokens = await self.client.text_document_semantic_tokens_range_async(
                t.SemanticTokensRangeParams(text_document=self.id, range=range_)
            )
        else:
            tokens = await self.client.text_document_semantic_tokens_full_async(
                t.SemanticTokensParams(text_document=self.id)
            )
        found, line, character = [], 0, 0
        for i in range(0, len(tokens.data), 5):
            lines, characters, length, kind, modifiers = tokens.data[i : i + 5]
            character = characters if lines else character + characters
            line += lines
            start = t.Position(line=line, character=character)
            end = t.Position(line=line, character=character + length)
            named = [m for n, m in enumerate(legend.token_modifiers) if modifiers >> n & 1]
            found.append((self.of(t.Range(start=start, end=end)), legend.token_types[kind], named))
        return found
