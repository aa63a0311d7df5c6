package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.optional;
import static io.circuitscript.runtime.Declaration.Argument.required;
import static io.circuitscript.runtime.Declaration.Argument.truth;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Node;
import io.circuitscript.render.Caption;
import io.circuitscript.render.CircuitPicture;
import io.circuitscript.render.EdgeColour;
import io.circuitscript.render.PictureStyle;
import io.circuitscript.render.PictureWriter;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Mistake;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code render}: a picture of the circuit. */
final class Render implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("render", "draws the circuit, as png, svg, dot or pdf by the file's ending", "render \"circuit.png\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to draw it"))
            .options(
                    optional("around", Kind.NODES, "draws only the paths of the circuit that lead to these nodes"),
                    truth("group", false, "draws the heads of a layer as one"),
                    truth("labels", false, "writes each edge's score at it"))
            .gives("file", Type.TEXT)
            .needs(Need.GRAPH)
            .build();

    private final Path cacheFolder;

    Render(Path cacheFolder) {
        this.cacheFolder = cacheFolder;
    }
    @Override
    public Declaration declaration() {
        return DECLARATION;
    }
    @Override
    public Held check(Arguments arguments, Facts facts) {
        arguments.knownText("file").ifPresent(name -> arguments.at("file", () -> {
            PictureWriter.checkEnding(Path.of(name));
            return name;
        }));
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String name = arguments.text("file");
        State.Scored current = state.current();
        Set<Node> around = arguments.given("around") ? arguments.nodes("around").nodes() : Set.of();
        Circuit shown = around.isEmpty() ? current.circuit() : current.circuit().leadingTo(around);
        if (!around.isEmpty() && shown.edgeCount() == 0) {
            String message = "no edge of the circuit leads to " + arguments.value("around").display();
            throw Mistake.value("no-such-edges", message, arguments.spanOf("around"), "`edges` lists what the circuit has");
        }
        Set<String> marked = around.stream().map(Node::name).collect(Collectors.toSet());
        var style = new PictureStyle(EdgeColour.PORT, arguments.truth("group"), arguments.truth("labels"), marked);
        String dot = CircuitPicture.dot(shown, current.scores(), caption(state, shown), style);
        return arguments.at("file", () -> {
            new PictureWriter(cacheFolder, state.runOptions().cancel()::check).write(dot, state.files().toWrite(name));
            return ResultFields.of("render").put("file", name).done();
        });
    }

    private static Caption caption(State state, Circuit shown) {
        boolean whole = shown.equals(state.current().circuit());
        String model = state.loadedModel().map(State.Model::name).orElse("");
        String task = state.dataName().map(name -> String.valueOf(Path.of(name).getFileName())).orElse("");
        return new Caption(model, task, shown.edgeCount(), shown.nodeCount(), whole ? state.faithfulness() : OptionalDouble.empty(), state.current().method());
    }
}
