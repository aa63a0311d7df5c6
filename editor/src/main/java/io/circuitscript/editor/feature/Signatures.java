package io.circuitscript.editor.feature;

import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Usage;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Markdown;
import io.circuitscript.runtime.help.HelpText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.ParameterInformation;
import org.eclipse.lsp4j.SignatureHelp;
import org.eclipse.lsp4j.SignatureInformation;
import org.eclipse.lsp4j.jsonrpc.messages.Tuple;

/** How the statement or the call that is being written goes on. */
public final class Signatures {
    /** Characters after which an editor asks by itself. */
    public static final List<String> TRIGGERS = List.of(" ", "(", ",", "=");

    private Signatures() {}

    public static Optional<SignatureHelp> at(Document document, int offset, SessionKnowledge knowledge) {
        return Usage.at(document.source().text(), offset, knowledge).map(Signatures::help);
    }

    private static SignatureHelp help(Usage usage) {
        SignatureInformation signature = new SignatureInformation(usage.text());
        if (!usage.doc().isEmpty()) signature.setDocumentation(markdown(HelpText.sentence(usage.doc())));
        List<ParameterInformation> parts = new ArrayList<>();
        for (Usage.Part part : usage.parts()) {
            ParameterInformation shown = new ParameterInformation();
            shown.setLabel(Tuple.two(part.start(), part.end()));
            if (!part.doc().isEmpty()) shown.setDocumentation(markdown(part.doc()));
            parts.add(shown);
        }
        signature.setParameters(parts);
        // Where no part is being written, none is marked: beyond the last is what older editors understand.
        int active = usage.active() < 0 ? usage.parts().size() : usage.active();
        signature.setActiveParameter(active);
        return new SignatureHelp(List.of(signature), 0, active);
    }

    private static MarkupContent markdown(String text) {
        return new MarkupContent(MarkupKind.MARKDOWN, Markdown.plain(text));
    }
}
