package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.assist.Completions;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Suggestion;
import io.circuitscript.assist.UsageTips;
import io.circuitscript.cli.prompt.MetaSuggestions;
import io.circuitscript.notebook.display.NoteHtml;
import io.circuitscript.notebook.protocol.Message;
import io.circuitscript.runtime.files.StandardData;
import io.circuitscript.source.NodeNotation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is said of a cell while it is typed: how a word goes on, what it means, whether the cell is done. */
final class Assistance {
    private static final int MOST = 500;

    private final NotebookSession session;

    Assistance(NotebookSession session) {
        this.session = session;
    }

    ObjectNode completeness(String code) {
        CellText cell = CellText.of("<cell>", code);
        if (cell.isIncomplete())
            return Message.object().put("status", "incomplete").put("indent", "  ");
        return Message.object().put("status", cell.hasErrors() ? "invalid" : "complete");
    }

    /** @param cursor in code points */
    ObjectNode completions(String code, int cursor) {
        SessionKnowledge knowledge = session.knowledge();
        CursorText text = CursorText.of(code, cursor);
        List<Suggestion> offers = text.isLine()
                ? MetaSuggestions.at(
                        text.line(),
                        text.word(),
                        knowledge,
                        CellText.MARK,
                        command -> NotebookHost.refused(command).isEmpty())
                : new Completions(knowledge).at(text.context());
        ObjectNode reply = Message.object().put("status", "ok");
        ArrayNode matches = reply.putArray("matches");
        ArrayNode types = Message.object().arrayNode();
        for (Suggestion offer : fitting(offers, text.word())) {
            boolean closes = text.inString() && offer.finished() && !text.beforeQuote();
            String match = offer.text() + (closes ? "\"" : "");
            matches.add(match);
            types.addObject()
                    .put("start", text.start())
                    .put("end", text.end())
                    .put("text", match)
                    .put("type", type(offer, text, knowledge))
                    .put("signature", offer.doc());
        }
        reply.put("cursor_start", text.start()).put("cursor_end", text.end());
        reply.putObject("metadata").set("_jupyter_types_experimental", types);
        return reply;
    }

    /**
     * Those that begin as the word does, a file of the standard library with its folder or without; where none does, those that differ from it in small and
     * large letters alone.
     */
    private static List<Suggestion> fitting(List<Suggestion> offers, String word) {
        List<Suggestion> exact = offers.stream()
                .filter(it -> it.text().startsWith(word) || it.text().startsWith(StandardData.PREFIX + word))
                .limit(MOST)
                .toList();
        if (!exact.isEmpty()) return exact;
        String small = word.toLowerCase(Locale.ROOT);
        return offers.stream()
                .filter(it -> it.text().toLowerCase(Locale.ROOT).startsWith(small))
                .limit(MOST)
                .toList();
    }

    private static String type(Suggestion offer, CursorText text, SessionKnowledge knowledge) {
        String word = offer.text();
        if (text.isLine()) return word.startsWith(CellText.MARK) ? "magic" : "path";
        if (text.inString()) return "path";
        if (word.endsWith("=")) return "param";
        if (word.endsWith("(")) return "function";
        if (knowledge.variables().containsKey(word)) return "variable";
        if (knowledge.declaration(word).isPresent()
                || knowledge.pages().languagePage(word).isPresent()) return "keyword";
        return word.contains(".") && knowledge.variables().containsKey(word.substring(0, word.indexOf('.')))
                ? "property"
                : "value";
    }

    /** @param detail 1 for all there is to say */
    ObjectNode explanation(String code, int cursor, int detail) {
        ObjectNode reply = Message.object().put("status", "ok");
        Optional<List<String>> found = explained(CursorText.of(code, cursor), detail);
        reply.put("found", found.isPresent());
        ObjectNode data = reply.putObject("data");
        found.ifPresent(
                lines -> data.put("text/plain", String.join("\n", lines)).put("text/html", NoteHtml.lines(lines)));
        reply.putObject("metadata");
        return reply;
    }

    private Optional<List<String>> explained(CursorText text, int detail) {
        SessionKnowledge knowledge = session.knowledge();
        if (text.isLine())
            return MetaSuggestions.explained(CellText.marked(text.wholeLine().strip()), CellText.MARK)
                    .map(List::of);
        String word = text.wordAround();
        List<String> nodes = nodes(text);
        if (!nodes.isEmpty()) return Optional.of(nodes);
        String tip = new UsageTips(knowledge)
                .tip(
                        text.before(),
                        text.before().codePointCount(0, text.before().length()));
        if (tip.startsWith(word + "=") && !word.isEmpty()) return Optional.of(List.of(tip));
        return session.description(word)
                .or(() -> knowledge.pages().page(word).map(page -> page(page, detail)))
                .or(() -> Optional.of(tip).filter(it -> !it.isEmpty()).map(List::of));
    }

    /** What the node at the cursor is, and the edge that it is in. */
    private List<String> nodes(CursorText text) {
        String node = text.nodeAround();
        if (!NodeNotation.readsAsNode(node) && !node.contains("*")) return List.of();
        return Stream.of(node, text.edgesAround())
                .flatMap(it -> session.description(it).stream())
                .flatMap(List::stream)
                .toList();
    }

    /** A page of help, without its example where not everything is asked for. */
    private static List<String> page(String page, int detail) {
        List<String> lines = page.stripTrailing().lines().toList();
        int example = lines.indexOf("  example");
        if (detail > 0 || example < 0) return lines;
        return String.join("\n", lines.subList(0, example))
                .stripTrailing()
                .lines()
                .toList();
    }
}
