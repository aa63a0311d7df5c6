package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.render.Caption;
import io.circuitscript.render.CircuitPicture;
import io.circuitscript.render.EdgeColour;
import io.circuitscript.render.GridPicture;
import io.circuitscript.render.PictureStyle;
import io.circuitscript.render.PictureWriter;
import io.circuitscript.render.SvgWriter;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code render}: a picture of the circuit. */
final class Render implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "render",
                    "draws the circuit, as png, svg, dot or pdf by the file's ending",
                    "render \"circuit.png\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to draw it"))
            .options(
                    optional("around", Kind.NODES, "draws only the paths of the circuit that lead to these nodes"),
                    choice(
                            "layout",
                            List.of("auto", "flow", "grid"),
                            "flow: Graphviz leads edges around nodes; grid: every node at its own place, a row a layer and a column a head; auto: flow up to 600 lines"),
                    truth("group", false, "draws the heads of a layer as one"),
                    truth("labels", false, "writes each edge's score beside it"),
                    truth(
                            "spans",
                            true,
                            "of a circuit over spans: draws a column for each span; false draws each edge once, with the sum of its scores"))
            .gives("file", Type.TEXT)
            .needs(Need.GRAPH)
            .in(HelpGroup.FILES)
            .shown((result, text) -> text.wrote(result))
            .build();

    /** With more lines, leading them around nodes takes long and makes nothing clearer. */
    private static final int MOST_FLOWING = 600;

    private final Supplier<Path> cacheFolder;

    Render(Supplier<Path> cacheFolder) {
        this.cacheFolder = cacheFolder;
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        FileExtensions.check(arguments, PictureWriter::checkEnding);
        if (arguments.knownText("layout").filter("grid"::equals).isPresent())
            FileExtensions.check(arguments, PictureWriter::checkDrawnByUs);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String name = arguments.text("file");
        ScoredCircuit current = state.current();
        Set<Node> around = arguments.given("around") ? arguments.nodes("around").nodes() : Set.of();
        Circuit part = around.isEmpty() ? current.circuit() : current.circuit().leadingTo(around);
        Circuit shown = arguments.truth("spans") ? part : part.withoutSpans();
        if (!around.isEmpty() && shown.edgeCount() == 0) {
            String message = "no edge of the circuit leads to "
                    + arguments.value("around").display();
            throw Mistake.value(
                    ErrorCode.NO_SUCH_EDGES, message, arguments.spanOf("around"), "`edges` lists what the circuit has");
        }
        Set<String> marked = around.stream().map(Node::name).collect(Collectors.toSet());
        var style = new PictureStyle(
                EdgeColour.PORT,
                arguments.truth("group"),
                arguments.truth("labels"),
                marked,
                nodeScores(current, shown));
        return arguments.at("file", () -> {
            draw(
                    shown,
                    Captions.of(state, shown, part(arguments, part, current.circuit(), shown)),
                    state,
                    style,
                    arguments.text("layout"),
                    state.files().toWrite(name));
            return ResultFields.of("render").put("file", name).done();
        });
    }

    /** Of nodes by name, where nodes and not edges were scored. */
    private static Map<String, Double> nodeScores(ScoredCircuit current, Circuit shown) {
        if (current.scores().isPresent() || current.nodeScores().isEmpty()) return Map.of();
        return shown.nodes().stream()
                .filter(node -> node.kind() != Node.Kind.LOGITS)
                .collect(Collectors.toMap(
                        Node::name,
                        node -> current.nodeScores().get().of(shown.graph().source(node))));
    }

    private void draw(Circuit shown, Caption caption, State state, PictureStyle style, String layout, Path file) {
        Runnable asked = state.runOptions().cancel()::check;
        Optional<Scores> scores = state.current().with(shown).ofCircuit();
        boolean flow = switch (layout) {
            case "grid" -> false;
            case "flow" -> true;
            default -> PictureWriter.needsGraphviz(file) || CircuitPicture.lines(shown, scores, style) <= MOST_FLOWING;
        };
        if (flow) {
            PictureWriter writer = new PictureWriter(cacheFolder, asked);
            checkLines(CircuitPicture.lines(shown, scores, style), writer, file);
            writer.write(CircuitPicture.dot(shown, scores, caption, style), file);
        } else {
            PictureWriter.checkDrawnByUs(file);
            SvgWriter.write(GridPicture.svg(shown, scores, caption, style), file, asked);
        }
    }

    private static void checkLines(int lines, PictureWriter writer, Path file) {
        if (writer.canFlow(lines, file)) return;
        String message = String.format(
                Locale.ROOT, "%,d lines are too many for the bundled Graphviz: it would take minutes", lines);
        throw UserError.failure(ErrorCode.GRAPHVIZ_FAILED, message, "say layout=grid, draw fewer edges, or group=true");
    }

    /** What of the circuit is drawn, where not all of it was asked for. */
    private static String part(Arguments arguments, Circuit part, Circuit whole, Circuit shown) {
        String folded = part.graph().hasSpans() && !shown.graph().hasSpans()
                ? ", drawn as " + NumberText.count(shown.edgeCount()) + (shown.edgeCount() == 1 ? " edge" : " edges")
                : "";
        if (!arguments.given("around")) return folded.isEmpty() ? "" : Captions.size(whole) + folded;
        return "paths to " + arguments.value("around").display() + ": " + NumberText.count(part.edgeCount()) + " of "
                + Captions.size(whole) + folded;
    }
}
