package io.circuitscript.cli;

import io.circuitscript.cli.doctor.DoctorRun;
import io.circuitscript.cli.doctor.NumbersRun;
import io.circuitscript.engine.torch.Precision;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code circuit doctor}. */
@Command(
        name = "doctor",
        description = "say what works on this machine, and how to fix the rest",
        customSynopsis = "circuit doctor [--device DEVICE [--dtype TYPE] [--only MODEL,…]] [--json]",
        sortOptions = false)
final class DoctorCommand implements WithoutScript {
    private final Invocation invocation;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            completionCandidates = Devices.class,
            description = "compute on this device and compare with known numbers: auto, cpu, cuda, or cuda:N")
    private String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = BenchCommand.Type.class,
            description =
                    "with --device, what it computes in: float32, float64, bfloat16 or float16; by default, float32")
    private Precision dtype;

    @Option(
            names = "--only",
            paramLabel = "MODEL,…",
            split = ",",
            converter = Only.class,
            completionCandidates = Models.class,
            description = "with --device, check with these models alone: ${COMPLETION-CANDIDATES}")
    private List<String> only;

    DoctorCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (device == null && (dtype != null || only != null))
            return invocation
                    .messages()
                    .usage(
                            (dtype != null ? "--dtype" : "--only") + " is for the check of a device's numbers",
                            "as in: circuit doctor --device cpu "
                                    + (dtype != null ? "--dtype float64" : "--only gpt2"));
        if (only != null && only.isEmpty())
            return invocation.messages().usage("--only names nothing", "as in: --only gpt2,demo");
        if (device != null) {
            NumbersRun.Request request = new NumbersRun.Request(
                    device, dtype == null ? Precision.FLOAT32 : dtype, only == null ? List.of() : List.copyOf(only));
            return invocation.withoutCode(
                    "doctor", () -> new NumbersRun(invocation.environment(), invocation.flags()).run(request));
        }
        return invocation.withoutCode(
                "doctor", () -> new DoctorRun(invocation.environment(), invocation.flags()).run());
    }

    static final class Devices extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Devices() {
            super(List.of("auto", "cpu", "cuda"));
        }
    }

    static final class Models extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Models() {
            super(NumbersRun.MODELS);
        }
    }

    static final class Only implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (NumbersRun.MODELS.contains(value)) return value;
            throw new TypeConversionException(
                    "--only takes " + String.join(", ", NumbersRun.MODELS) + ", not '" + value + "'");
        }
    }
}
