package io.circuitscript.cli.repl;

import io.circuitscript.assist.Completions;
import io.circuitscript.assist.CursorContext;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Suggestion;
import io.circuitscript.assist.UsageTips;
import io.circuitscript.cli.prompt.InputText;
import io.circuitscript.cli.prompt.MetaSuggestions;
import io.circuitscript.source.Visible;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp;

/** Reads inputs with a line editor: history, completion, colours, and a tip on the statement being typed. */
final class EditingInputReader implements InputReader {
    private static final AttributedStyle PROMPT = AttributedStyle.DEFAULT.bold().foreground(AttributedStyle.GREEN);

    private final Editor editor;
    private final String prompt;

    EditingInputReader(Terminal terminal, Supplier<SessionKnowledge> knowledge, boolean color, HistoryFile history) {
        try {
            editor = new Editor(terminal, knowledge, color);
        } catch (IOException e) {
            throw new IllegalStateException("a terminal that is open cannot be read", e);
        }
        prompt = color ? new AttributedString(InputReader.PROMPT, PROMPT).toAnsi(terminal) : InputReader.PROMPT;
        editor.setParser(new InputParser());
        if (color) editor.setHighlighter(new InputHighlighter());
        editor.setCompleter(completer(knowledge));
        editor.variable(LineReader.SECONDARY_PROMPT_PATTERN, InputReader.CONTINUED);
        editor.variable(LineReader.BELL_STYLE, "off");
        editor.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        editor.option(LineReader.Option.AUTO_FRESH_LINE, false); // all that we print ends its line
        if (!color) editor.variable(LineReader.COMPLETION_STYLE_STARTING, "");
        history.attach(editor);
        arrows();
    }

    /** The arrows as a terminal sends them while a statement runs: the library knows those of a terminal that it has prepared for a line. */
    private void arrows() {
        Map<String, String> keys = Map.of(
                "A",
                LineReader.UP_LINE_OR_SEARCH,
                "B",
                LineReader.DOWN_LINE_OR_SEARCH,
                "C",
                LineReader.FORWARD_CHAR,
                "D",
                LineReader.BACKWARD_CHAR);
        keys.forEach(
                (key, widget) -> editor.getKeyMaps().get(LineReader.MAIN).bind(new Reference(widget), "\033[" + key));
    }

    private static Completer completer(Supplier<SessionKnowledge> knowledge) {
        return (LineReader reader, ParsedLine line, List<Candidate> candidates) -> {
            List<Suggestion> offers = InputText.isLine(line.line())
                    ? MetaSuggestions.at(line.line(), line.word(), knowledge.get())
                    : new Completions(knowledge.get()).at(CursorContext.of(line.line(), line.cursor()));
            int place = 1;
            for (Suggestion offer : offers) {
                String doc = offer.doc().isEmpty() ? null : Visible.line(offer.doc());
                candidates.add(new Candidate(
                        offer.text(), Visible.line(offer.text()), null, doc, null, null, offer.finished(), place++));
            }
        };
    }

    @Override
    public Optional<String> next() {
        try {
            return Optional.of(editor.readLine(prompt));
        } catch (UserInterruptException takenBack) {
            // The library leaves what stands below the line as it is, as the line that said how to go on.
            editor.getTerminal().puts(InfoCmp.Capability.clr_eos);
            editor.getTerminal().flush();
            return Optional.of("");
        } catch (EndOfFileException leaves) {
            return Optional.empty();
        }
    }

    @Override
    public void remember(String input) {
        editor.getHistory().add(input);
    }

    @Override
    public void close() {
        try {
            editor.getHistory().save();
        } catch (IOException unwritable) {
            // A history that cannot be saved is not worth a message at the end.
            return;
        }
    }

    /** The library's line editor, with a line below the input that says how the statement is written. */
    private static final class Editor extends LineReaderImpl {
        private static final AttributedStyle TIP = AttributedStyle.DEFAULT.faint();

        private final Supplier<SessionKnowledge> knowledge;
        private final boolean color;

        Editor(Terminal terminal, Supplier<SessionKnowledge> knowledge, boolean color) throws IOException {
            super(terminal, "circuit", new HashMap<>()); // which the library keeps and changes
            this.knowledge = knowledge;
            this.color = color;
        }

        @Override
        protected void redisplay(boolean flush) {
            boolean free = post == null && state == State.NORMAL;
            if (free) post = tip();
            try {
                super.redisplay(flush);
            } finally {
                if (free) post = null; // it is not the library's to keep
            }
        }

        private Supplier<AttributedString> tip() {
            String text = buf.toString();
            String tip = InputText.isLine(text) ? "" : new UsageTips(knowledge.get()).tip(text, buf.cursor());
            if (tip.isEmpty()) return null;
            var line = new AttributedString(Visible.line(tip), color ? TIP : AttributedStyle.DEFAULT);
            int width = Math.max(size.getColumns() - 1, 1);
            AttributedString shown = line.columnLength() <= width
                    ? line
                    : AttributedString.join(
                            AttributedString.EMPTY,
                            line.columnSubSequence(0, width - 1),
                            new AttributedString("…", TIP));
            return () -> shown;
        }
    }
}
