package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.graph.Circuit;
import io.circuitscript.render.Caption;
import io.circuitscript.render.CircuitPicture;
import io.circuitscript.render.PictureWriter;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import java.nio.file.Path;

/** {@code render}: a picture of the circuit. */
final class Render implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("render", "draws the circuit, as png, svg or dot by the file's ending", "render \"circuit.png\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to draw it"))
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
        String dot = CircuitPicture.dot(current.circuit(), current.scores(), caption(state));
        return arguments.at("file", () -> {
            new PictureWriter(cacheFolder).write(dot, state.files().toWrite(name));
            return ResultFields.of("render").put("file", name).done();
        });
    }

    private static Caption caption(State state) {
        Circuit circuit = state.current().circuit();
        String model = state.loadedModel().map(State.Model::name).orElse("");
        String task = state.dataName().map(name -> String.valueOf(Path.of(name).getFileName())).orElse("");
        return new Caption(model, task, circuit.edgeCount(), circuit.nodeCount(), state.faithfulness(), state.current().method());
    }
}
