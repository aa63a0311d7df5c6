package io.circuitscript.assist;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.help.HelpText;
import io.circuitscript.syntax.Lexeme;
import java.util.List;
import java.util.Optional;

/** One-line tips on how a statement is written, shown while it is typed. */
public final class UsageTips {
    private final SessionKnowledge knowledge;

    public UsageTips(SessionKnowledge knowledge) {
        this.knowledge = knowledge;
    }

    /** What to say while a text is typed; empty where there is nothing to say. */
    public String tip(String text, int cursor) {
        if (text.isBlank()) return "";
        CursorContext context = CursorContext.of(text, cursor);
        for (CursorContext.Frame frame : context.frames().reversed()) {
            if (frame.shape() == CursorContext.Shape.COMMENT) return "";
            Optional<String> tip = tip(frame, context);
            if (tip.isPresent()) return tip.get();
            Optional<String> function = FunctionSuggestions.function(context.frames(), frame, knowledge)
                    .map(it -> it.usage() + " – " + it.doc());
            if (function.isPresent()) return function.get();
        }
        return "";
    }

    private Optional<String> tip(CursorContext.Frame frame, CursorContext context) {
        List<Lexeme> pieces = TypedStatement.value(frame.pieces());
        boolean typing = frame == context.frame();
        if (pieces.isEmpty())
            return frame.pieces().isEmpty() && typing ? ofWord(context.prefix()) : outer(frame, context, typing);
        Optional<Declaration> declaration =
                knowledge.declaration(pieces.getFirst().text());
        if (declaration.isEmpty()) return outer(frame, context, typing);
        TypedStatement call = TypedStatement.of(declaration.get(), pieces.subList(1, pieces.size()));
        return Optional.of(call.option().map(UsageTips::ofOption).orElseGet(() -> of(declaration.get())));
    }

    /** Of {@code let x =} and its like, what may follow is the tip, or else how it is written itself. */
    private Optional<String> outer(CursorContext.Frame frame, CursorContext context, boolean typing) {
        if (frame.pieces().isEmpty()) return Optional.empty();
        boolean value = typing && TypedStatement.value(frame.pieces()).isEmpty();
        Optional<String> inner = value ? ofWord(context.prefix()) : Optional.empty();
        return inner.or(() -> ofWord(frame.pieces().getFirst().text()));
    }

    private Optional<String> ofWord(String word) {
        Optional<String> declared = knowledge.declaration(word).map(UsageTips::of);
        return declared.or(() -> knowledge.pages().languagePage(word).map(page -> page.usage() + " – " + page.doc()));
    }

    private static String of(Declaration declaration) {
        return HelpText.usage(declaration) + " – " + declaration.doc();
    }

    private static String ofOption(Declaration.Argument option) {
        String values = option.allowed().isEmpty() ? option.kind().phrase() : String.join(" | ", option.allowed());
        String byDefault =
                option.byDefault().map(value -> " (" + value.display() + ")").orElse("");
        return option.name() + "=" + values + byDefault + " – " + option.doc();
    }
}
