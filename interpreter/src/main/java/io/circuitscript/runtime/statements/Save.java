package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.graph.CircuitFile;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;

/** {@code save}: the circuit with its scores, in a file. */
final class Save implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "save",
                    "writes the circuit and its scores as EAP-IG's JSON or as its tensors (.pt); the file's ending decides",
                    "save \"circuit.json\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to write it"))
            .gives("file", Type.TEXT)
            .needs(Need.GRAPH)
            .in(HelpGroup.FILES)
            .shown((result, text) -> text.wrote(result))
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        FileExtensions.check(arguments, CircuitFile::checkEnding);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String name = arguments.text("file");
        return arguments.at("file", () -> {
            int width = state.width()
                    .orElseThrow(() -> UserError.input(
                            ErrorCode.NO_WIDTH,
                            "the file that this circuit came from does not say how wide its model is",
                            "load the model before `open`"));
            CircuitFile.save(
                    state.files().toWrite(name),
                    state.current().atScoredSpans(),
                    state.current().circuit().graph().hasSpans()
                            ? state.current().ofCircuit()
                            : state.current().scores(),
                    state.current().nodeScores(),
                    state.experiment()
                            .optimal()
                            .constants(state.current().circuit().pruned()),
                    width);
            return ResultFields.of("save").put("file", name).done();
        });
    }
}
