package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.ArgumentBinder;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.EvaluationContext;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement that has been checked: its arguments are bound and nothing in them is wrong. The check and the run use
 * the same code.
 *
 * @param result what is known of its result
 */
record CheckedStatement(Declaration declaration, Arguments arguments, AbstractValue result) {

    static CheckedStatement of(
            Statement.Command command, StatementHandler handler, EvaluationContext context, Facts facts) {
        Declaration declaration = handler.declaration();
        List<Mistake> wrong = ArgumentBinder.checkShape(command, declaration);
        checkNeeds(command, declaration, wrong, facts);
        Arguments arguments = new ArgumentBinder(new Evaluator(context), facts).bind(command, declaration, wrong);
        return new CheckedStatement(declaration, arguments, handler.check(arguments, facts));
    }

    /** Where something is missing that the statement needs, its arguments are not checked further. */
    private static void checkNeeds(
            Statement.Command command, Declaration declaration, List<Mistake> wrong, Facts facts) {
        try {
            for (Need need : Need.values()) {
                if (declaration.needs().contains(need))
                    facts.require(
                            need, "`" + declaration.word() + "`", command.word().span());
            }
        } catch (Mistake tooEarly) {
            List<Mistake> all = new ArrayList<>(List.of(tooEarly));
            all.addAll(wrong);
            Mistake.throwAll(all);
        }
    }

    /** The shape of the result of statements that change the circuit. */
    static AbstractValue circuitShape() {
        var fields = new java.util.LinkedHashMap<String, AbstractValue>();
        fields.put("edges", Unknown.of(Type.NUMBER));
        fields.put("nodes", Unknown.of(Type.NUMBER));
        return Unknown.result("circuit", fields);
    }

    /** Notes the files that it writes. */
    void noteFiles(ScriptFiles files) {
        for (Declaration.Argument parameter : declaration.parameters()) {
            if (parameter.kind() != Kind.OUTPUT_FILE) continue;
            arguments.knownText(parameter.name()).ifPresentOrElse(files::wrote, files::mayWriteOthers);
        }
    }
}
