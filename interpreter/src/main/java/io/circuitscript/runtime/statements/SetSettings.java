package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.engine.Transformer;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;

/** {@code set}: settings of the session. */
final class SetSettings implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of("set", "changes settings", "set memory=2GB")
            .options(
                    optional("device", Kind.TEXT, "where models are loaded: auto, cpu, cuda, cuda:1")
                            .offering(Offers.DEVICES),
                    choice("dtype", Load.DTYPES, "what models compute in"),
                    optional("memory", Kind.BYTES, "how much memory a batch may take"),
                    optional("threads", Kind.COUNT, "how many CPU threads to use, at most one for each core")
                            .upTo(1024),
                    optional("batch", Kind.COUNT, "how many examples run at once"),
                    optional("models", Kind.TEXT, "folders that hold models"))
            .in(HelpGroup.PROGRAMS)
            .needsOption("a setting")
            .build();

    /** Below this nearly every batch would be one example, and the promise not to take more would be empty. */
    private static final double LEAST_MEMORY = 64 * 1024 * 1024;

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Load.checkDevice(arguments.knownText("device"), arguments.spanOf("device"));
        facts.setSettings(changed(facts.settings(), arguments));
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        state.setSettings(changed(state.settings(), arguments));
        if (arguments.given("threads"))
            Transformer.fewerThreads("threads=" + arguments.count("threads"), arguments.count("threads"))
                    .ifPresent(state::say);
        // Threads are the process's: a model that is loaded works with them from here on.
        if (arguments.given("threads") && state.loadedModel().isPresent())
            Transformer.threads(arguments.count("threads"));
        return new Value.None();
    }

    private static Settings changed(Settings settings, Arguments arguments) {
        Settings changed = settings;
        if (arguments.knownText("device").isPresent()) changed = changed.withDevice(arguments.text("device"));
        if (arguments.given("dtype") && arguments.knownText("dtype").isPresent())
            changed = changed.withDtype(arguments.text("dtype"));
        if (arguments.known("memory").isPresent()) changed = changed.withMemory(memory(arguments));
        if (arguments.known("threads").isPresent()) changed = changed.withThreads(arguments.count("threads"));
        if (arguments.known("batch").isPresent()) changed = changed.withBatch(arguments.count("batch"));
        if (arguments.knownText("models").isPresent()) changed = changed.withModels(arguments.text("models"));
        return changed;
    }

    private static long memory(Arguments arguments) {
        double bytes = arguments.number("memory");
        if (bytes >= LEAST_MEMORY) return (long) bytes;
        String help =
                "write at least 64MB, with its unit; by default a batch may take an eighth of the device's memory";
        throw Mistake.form(
                ErrorCode.WRONG_VALUE, "`memory` is too little for a batch", arguments.spanOf("memory"), help);
    }
}
