package io.circuitscript.cli.doctor;

import io.circuitscript.cli.console.Ansi;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.EngineCheck;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Devices;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.BundledFiles;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Runs {@code doctor --device}: whether a device computes the right numbers. A line for each work of each model. */
public final class NumbersRun {
    /** The trained model that comes with the program; its numbers are compared with those of the CPU. */
    private static final String TRAINED = "demo";

    /** One that is made here, as wide as GPT-2 small; its numbers too. */
    private static final String WIDE = "wide";

    /** What {@code --only} takes, in the order in which they are checked. */
    public static final List<String> MODELS = Stream.concat(ReferenceChecks.FAMILIES.stream(), Stream.of(WIDE, TRAINED))
            .toList();

    /** Where PyTorch is told to round the factors of products to ten bits. */
    private static final List<String> TF32 = List.of("NVIDIA_TF32_OVERRIDE", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE");

    private static final String HEAD = "      %-10s%-24s%9s  %9s  %8s";
    private static final String ROW = "%-10s%-24s%9.1e  %9.1e  %6.1f s";

    private final ProcessEnvironment environment;
    private final Reporting reporting;
    private final boolean color;
    private final CancelToken cancel = new CancelToken();
    private final Set<String> said = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private int checked;
    private boolean begun;

    /** @param only these models; none: all */
    public record Request(String device, Precision dtype, List<String> only) {
        private List<String> models() {
            return MODELS.stream()
                    .filter(it -> only.isEmpty() || only.contains(it))
                    .toList();
        }
    }

    public NumbersRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        reporting = Reporting.of(environment, flags);
        color = flags.color.on(environment.terminals().out(), environment.variables());
    }

    public int run(Request request) {
        return run(request, folderOf("fixtures/gpt2").getParent());
    }

    /** @param fixtures the folder that has the families' */
    int run(Request request, Path fixtures) {
        ExitCodeMapping mapping = new ExitCodeMapping(reporting, cancel);
        return mapping.run(() -> mapping.interruptible(() -> {
            ProgressLine progress = reporting.progress();
            List<String> models = request.models();
            progress.begin("checking " + request.device(), models.size(), "models");
            try {
                String device = request.device();
                for (String name : models) {
                    progress.rename("checking " + name);
                    device = name.equals(WIDE)
                            ? checkWide(device, request.dtype())
                            : check(name, folder(name, fixtures), device, request.dtype());
                    progress.advance(1);
                }
                return conclude(device, request.dtype());
            } finally {
                progress.end();
            }
        }));
    }

    private static Path folder(String name, Path fixtures) {
        return name.equals(TRAINED) ? folderOf("models/" + TRAINED) : fixtures.resolve(name);
    }

    private static Path folderOf(String model) {
        return BundledFiles.file(model + "/config.json").orElseThrow().getParent();
    }

    private String checkWide(String device, Precision dtype) {
        try (TemporaryModel wide = TemporaryModel.wide(folderOf("fixtures/gpt2"))) {
            return check(WIDE, wide.folder(), device, dtype);
        }
    }

    /** All of one model. @return the device, as the engine calls it */
    private String check(String name, Path folder, String device, Precision dtype) {
        RunOptions options = new RunOptions(Progress.NONE, cancel, 0, 0, note -> {
            if (!note.equals(Devices.UNTRIED) && said.add(note))
                reporting.messages().say(note);
        });
        try (CheckedModel model = CheckedModel.open(name, folder, device, dtype, options)) {
            begin(model);
            for (NumbersCheck check : checks(name, model, options)) examine(name, check);
            long left = model.liveTensors();
            if (left > 0) throw new IllegalStateException(left + " tensors are left on " + model.device());
            return model.device();
        }
    }

    private List<NumbersCheck> checks(String name, CheckedModel model, RunOptions options) {
        CpuChecks against = new CpuChecks(name, model, options);
        if (name.equals(TRAINED)) return against.ofTrained();
        if (name.equals(WIDE)) return List.of(against.ofWide());
        List<NumbersCheck> checks = new ArrayList<>(new ReferenceChecks(name, model, options).all());
        checks.add(against.ofRandomWeights());
        return checks;
    }

    private void examine(String name, NumbersCheck check) {
        long start = System.nanoTime();
        Deviation deviation = new Deviation(check.tolerance());
        try {
            cancel.check();
            reporting.progress().rename("checking " + name + ", " + check.work());
            check.compare().accept(deviation);
        } catch (CancellationException interrupted) {
            throw interrupted;
        } catch (UserError trouble) {
            // Whatever comes after such a failure fails too.
            if (trouble.code() == ErrorCode.GPU_FAILED) throw trouble;
            deviation.fail(trouble.getMessage());
        } catch (RuntimeException defect) {
            deviation.fail(defect.toString().lines().findFirst().orElse(""));
        }
        show(name, check.work(), deviation, (System.nanoTime() - start) / 1e9);
    }

    private void begin(CheckedModel model) {
        if (begun) return;
        begun = true;
        print(model.device() + ", " + model.precision().word() + ", by " + EngineCheck.running());
        print(String.format(Locale.ROOT, HEAD, "model", "numbers", "error", "allowed", "time"));
    }

    private void show(String name, String work, Deviation deviation, double seconds) {
        boolean right = deviation.isAllowed();
        checked++;
        if (!right) wrong.add(name + ", " + work);
        print(String.format(Locale.ROOT, ROW, name, work, deviation.error(), deviation.allowed(), seconds), right);
        if (!deviation.remark().isEmpty()) print(" ".repeat(16) + Visible.line(deviation.remark()));
        reporting.json().ifPresent(json -> {
            ResultFields fields = line("numbers", right)
                    .put("model", name)
                    .put("numbers", work)
                    .put("allowed", deviation.allowed())
                    .put("seconds", seconds)
                    .put("remark", deviation.remark());
            if (Double.isFinite(deviation.error())) fields.put("error", deviation.error());
            json.object(fields.done());
        });
    }

    private int conclude(String device, Precision dtype) {
        boolean right = wrong.isEmpty();
        String sentence = right
                ? device + " computes the right numbers in " + dtype.word() + ": all " + checked
                        + " comparisons are within what is allowed."
                : device + " computes wrong numbers in " + dtype.word() + ": " + wrong.size() + " of " + checked
                        + " comparisons fail. Do not rely on it, and please report these lines.";
        print(sentence);
        List<String> hints = right ? List.of() : hints();
        hints.forEach(this::print);
        reporting
                .json()
                .ifPresent(json -> json.object(line("conclusion", right)
                        .put("device", device)
                        .put("dtype", dtype.word())
                        .put("library", EngineCheck.running())
                        .put("comparisons", (double) checked)
                        .put("wrong", wrong)
                        .put("found", sentence)
                        .put("mend", String.join(" ", hints))
                        .done()));
        return right ? ExitCode.OK : ExitCode.DIFFERS;
    }

    private List<String> hints() {
        return TF32.stream()
                .filter(it -> "1".equals(environment.variables().get(it)))
                .map(it -> "The variable " + it
                        + " is 1, which lets a GPU round the factors of float32 products to 10 bits: unset it.")
                .toList();
    }

    private static ResultFields line(String check, boolean right) {
        return ResultFields.of("doctor").put("check", check).put("state", right ? "ok" : "fail");
    }

    private void print(String line, boolean right) {
        String word = right ? "ok" : "FAIL";
        Ansi style = right ? Ansi.DIM : Ansi.ERROR;
        print((color ? style.paint(word) : word) + " ".repeat(6 - word.length()) + line);
    }

    /** Prints a line for a person. */
    private void print(String line) {
        if (reporting.json().isPresent()) return;
        reporting.progress().inPlaceOfBar(() -> environment.out().text().println(line));
        if (environment.out().failure().isPresent()) cancel.cancel();
    }
}
