package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.text;
import static io.circuitscript.runtime.value.ResultText.counted;
import static io.circuitscript.runtime.value.ResultText.grouped;
import static io.circuitscript.runtime.value.ResultText.number;

import io.circuitscript.engine.ModelFetch;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.EngineStart;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Adapter;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.model.natives.NativeLibraries;
import io.circuitscript.model.natives.UnpackingWatch;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code load}: a model, whose circuit is then full. */
final class Load implements StatementHandler {
    static final String DEVICES = "auto|cpu|cuda|cuda:[0-9]{1,3}";
    static final List<String> DTYPES = List.of("float32", "float64", "bfloat16", "float16");

    private static final Declaration DECLARATION = Declaration.of(
                    "load", "loads a model; the circuit is then the whole model, without scores", "load demo")
            .takes(required("model", Kind.TEXT, "a short name, a name on the hub, a folder, or a GGUF file")
                    .offering(Offers.MODELS))
            .options(
                    text("device", "auto", "auto, cpu, cuda, or cuda:1 for the second GPU")
                            .offering(Offers.DEVICES),
                    choice("dtype", DTYPES, "what it computes in"),
                    text("adapter", "none", "the folder of a LoRA adapter, which is merged into the model"),
                    text("revision", "main", "a branch, tag or commit of a model on the hub"),
                    text(
                            "bos",
                            "auto",
                            "the token in front of every text: the model's own (auto), none, or the one you give"))
            .gives("model", Type.TEXT)
            .gives("family", Type.TEXT)
            .gives("layers", Type.NUMBER)
            .gives("heads", Type.NUMBER)
            .gives("d_model", Type.NUMBER)
            .gives("parameters", Type.NUMBER)
            .gives("nodes", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("device", Type.TEXT)
            .gives("dtype", Type.TEXT)
            .gives("quantization", Type.ANY)
            .gives("adapter", Type.ANY)
            .gives("bos", Type.ANY)
            .provides(Need.MODEL, Need.GRAPH)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(Load::lines)
            .build();

    private final Map<String, String> environment;
    private final KnownShapes shapes = new KnownShapes();

    Load(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        checkDevice(arguments.knownText("device"), arguments.spanOf("device"));
        facts.set(Need.MODEL, Facts.Known.YES);
        facts.setScores(Facts.Known.NO, Facts.Known.NO);
        facts.dropCircuits();
        facts.setGraph(Optional.empty());
        facts.set(Need.GRAPH, Facts.Known.YES);
        Unknown shape = (Unknown) DECLARATION.resultShape();
        if (arguments.knownText("model").isEmpty()
                || arguments.knownText("revision").isEmpty()) {
            facts.files().reads().unknown(arguments.spanOf("model"));
            return shape;
        }
        if (arguments.knownText("adapter").isEmpty()) {
            facts.files().reads().unknown(arguments.spanOf("adapter"));
            return shape;
        }
        Optional<Path> adapter = LoadedAdapter.folder(arguments, facts.files());
        Optional<KnownShapes.Shape> known = arguments.at("model", () -> {
            ModelLocator.Found found = find(arguments, facts.settings(), facts.files());
            return LoadedAdapter.ofBase(arguments, facts.files(), () -> shape(found, adapter));
        });
        if (known.isEmpty()) return shape;
        ModelGraph graph = known.get().graph();
        facts.setGraph(Optional.of(graph));
        return shape.with("layers", new Value.Number(graph.layers()))
                .with("heads", new Value.Number(graph.heads()))
                .with("d_model", new Value.Number(known.get().dModel()))
                .with("nodes", new Value.Number(graph.sources()))
                .with("edges", new Value.Number(graph.edgeCount()));
    }

    /** Of a model that is still to be fetched, what its short name says, or its configuration where that is here. Nothing is fetched for it. */
    private Optional<KnownShapes.Shape> shape(ModelLocator.Found found, Optional<Path> adapter) {
        return switch (found) {
            case ModelLocator.Located here ->
                Optional.of(shapes.of(here.folder(), adapter, () -> {
                    try (Checkpoint checkpoint = Checkpoint.open(here.name(), here.folder(), adapter)) {
                        return shape(checkpoint.config());
                    }
                }));
            case ModelLocator.OnHub there ->
                there.configuration()
                        .map(folder -> shape(ModelConfig.read(there.name(), folder)))
                        .or(() -> there.known().map(model -> new KnownShapes.Shape(model.graph(), model.dModel())));
        };
    }

    private static KnownShapes.Shape shape(ModelConfig config) {
        return new KnownShapes.Shape(config.graph(), config.dModel());
    }

    static void checkDevice(Optional<String> device, Span span) {
        if (device.isEmpty() || device.get().matches(DEVICES)) return;
        String help = "devices are auto, cpu, cuda, and cuda:1 for the second GPU";
        throw Mistake.form(ErrorCode.UNKNOWN_DEVICE, "there is no kind of device " + device.get(), span, help);
    }

    private ModelLocator.Found find(Arguments arguments, Settings settings, ScriptFiles files) {
        ModelLocator.SearchPath searchPath =
                ModelLocator.SearchPath.of(settings.models(), files.readFolder(), environment, files.workingFolder());
        Lock.Asked asked = asked(arguments, settings, files);
        Optional<Revision> other = files.reads()
                .pinned(asked)
                .or(() -> Optional.of(asked.revision()).filter(it -> !it.equals(Revision.MAIN)));
        ModelLocator.Found found =
                LoadedAdapter.ofBase(arguments, files, () -> ModelLocator.find(asked.name(), other, searchPath));
        if (found instanceof ModelLocator.Located here) LoadedAdapter.refuseAsBase(arguments, files, here.folder());
        files.reads().model(asked, found);
        if (found instanceof ModelLocator.Located here) files.keepModel(here.folder());
        return found;
    }

    /** The model on this machine, fetched first where it was not here. */
    private ModelLocator.Located fetch(Arguments arguments, State state, String device, Precision precision) {
        ModelLocator.Found found = find(arguments, state.settings(), state.files());
        ModelLocator.Located here;
        try {
            here = ModelFetch.of(found, device, precision, state.runOptions());
        } catch (UserError e) {
            Optional<Adapter> alone = LoadedAdapter.alone(arguments, state.files());
            if (alone.isPresent()) throw alone.get().without(arguments.text("model"), e);
            String name = LoadedAdapter.base(arguments, state.files());
            if (!(found instanceof ModelLocator.OnHub) || !name.contains("/")) throw e;
            List<String> notes = new ArrayList<>(e.notes());
            notes.addFirst("there is no folder " + name
                    + " beside the script or in a folder of models: it is taken as a name on the hub");
            throw new UserError(e.kind(), e.code(), e.getMessage(), notes, e.help());
        }
        state.files().reads().model(asked(arguments, state.settings(), state.files()), here);
        state.files().keepModel(here.folder());
        return here;
    }

    private static Lock.Asked asked(Arguments arguments, Settings settings, ScriptFiles files) {
        return new Lock.Asked(
                arguments.at("model", () -> LoadedAdapter.base(arguments, files)),
                arguments.at("revision", () -> new Revision(arguments.text("revision"))),
                settings.models());
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Settings settings = state.settings();
        String device = arguments.given("device") ? arguments.text("device") : settings.device();
        String dtype = arguments.given("dtype") ? arguments.text("dtype") : settings.dtype();
        Precision precision = Precision.valueOf(dtype.toUpperCase(Locale.ROOT));
        Optional<Path> adapter = LoadedAdapter.folder(arguments, state.files());
        ModelLocator.Located located = arguments.at("model", () -> fetch(arguments, state, device, precision));
        String bos = arguments.text("bos");
        State.Model model = opened(arguments, () -> open(arguments, located, adapter, device, precision, bos, state));
        state.setModel(model);
        state.noteUsed(RunDependencies.Model.of(located, asked(arguments, settings, state.files()), model));
        model.tokenizer().notes().forEach(state::say);
        if (model.tokenizer().bos().isEmpty() && !arguments.given("bos")) {
            state.say(model.name()
                    + " has no beginning-of-sequence token: nothing is put in front of texts (bos=\"…\" names one)");
        }
        return result(model, adapter);
    }

    private static State.Model opened(Arguments arguments, Supplier<State.Model> open) {
        try {
            return open.get();
        } catch (UserError e) {
            boolean machine = e.kind() == UserError.Kind.UNAVAILABLE;
            String what = machine
                    ? e.code() == ErrorCode.DTYPE_UNAVAILABLE ? "dtype" : "device"
                    : e.code() == ErrorCode.BOS_NOT_A_TOKEN ? "bos" : "model";
            throw Mistake.at(arguments.spanOf(arguments.given(what) ? what : "model"), e);
        }
    }

    private static State.Model open(
            Arguments arguments,
            ModelLocator.Located located,
            Optional<Path> adapter,
            String device,
            Precision precision,
            String bos,
            State state) {
        Checkpoint checkpoint = LoadedAdapter.ofBase(
                arguments, state.files(), () -> Checkpoint.open(located.name(), located.folder(), adapter));
        // The rest takes as long as the engine does to start.
        UnpackingWatch unpacking = state.runOptions().unpacking();
        try (EngineStart engine = EngineStart.begin(device, unpacking)) {
            NativeLibraries.prepareTokenizers(unpacking);
            Tokenizer tokenizer = Tokenizer.open(
                    located.folder(), BosChoice.of(bos), state.runOptions().cancel()::check);
            try {
                tokenizer.requireFits(checkpoint.config());
                checkpoint.checkFinite();
                engine.require(); // a device that is not there costs nobody the model before
                if (state.loadedModel().isPresent()) state.dropModel();
                // What is computed of the weights is rounded by the threads that compute it.
                if (state.settings().threads() > 0)
                    Transformer.threads(state.settings().threads());
                Transformer transformer = Transformer.load(checkpoint, engine, precision, state.runOptions());
                return new State.Model(
                        located.name(),
                        checkpoint.config(),
                        checkpoint.quantization(),
                        transformer,
                        tokenizer,
                        located.folder(),
                        adapter);
            } catch (RuntimeException | Error e) {
                tokenizer.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Value.Fields result(State.Model model, Optional<Path> adapter) {
        ModelConfig config = model.config();
        return ResultFields.of("load")
                .put("model", model.name())
                .put("family", config.family().name())
                .put("layers", config.layers())
                .put("heads", config.heads())
                .put("d_model", config.dModel())
                .put("parameters", model.transformer().parameters())
                .put("nodes", config.graph().sources())
                .put("edges", config.graph().edgeCount())
                .put("device", model.transformer().device())
                .put("dtype", model.transformer().precision().word())
                .put(
                        "quantization",
                        model.quantization().<Value>map(Value.Text::new).orElse(new Value.None()))
                .put(
                        "adapter",
                        // Its name and not its place: a record is held to runs in other folders.
                        adapter.map(Path::getFileName)
                                .<Value>map(it -> new Value.Text(it.toString()))
                                .orElse(new Value.None()))
                .put("bos", model.tokenizer().bos().<Value>map(Value.Text::new).orElse(new Value.None()))
                .done();
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        return List.of(
                ResultText.text(value, "family") + " of " + ResultText.text(value, "layers") + " layers, "
                        + ResultText.text(value, "heads")
                        + " heads, d_model " + ResultText.text(value, "d_model") + ", "
                        + grouped(number(value, "parameters"))
                        + " parameters"
                        + from(value) + adapted(value),
                counted(value, "nodes", "node") + ", " + counted(value, "edges", "edge") + "; on "
                        + ResultText.text(value, "device") + " in " + ResultText.text(value, "dtype") + "; begins with "
                        + ResultText.text(value, "bos"));
    }

    private static String adapted(Value.Fields value) {
        return value.field("adapter")
                .filter(Value.Text.class::isInstance)
                .map(it -> " with " + it.display() + " merged into them")
                .orElse("");
    }

    /** How a GGUF file has them. */
    private static String from(Value.Fields value) {
        return value.field("quantization")
                .filter(Value.Text.class::isInstance)
                .map(it -> " from " + it.display())
                .orElse("");
    }
}
