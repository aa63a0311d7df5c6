package io.circuitscript.notebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.UserHome;
import io.circuitscript.notebook.protocol.Message;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder by which Jupyter knows the kernel: how it is started, its name, its logo. */
final class KernelSpec {
    private static final String NAME = "circuitscript";
    private static final String LAUNCHER = "circuit.launcher";
    private static final String JAVA = "CIRCUIT_JAVA_HOME";
    private static final List<String> LOGOS = List.of("logo-32x32.png", "logo-64x64.png", "logo-svg.svg");

    private final ProcessEnvironment environment;
    private final RunFlags flags;

    /** @param flags those of the kernel too: what is given here counts in every notebook */
    KernelSpec(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        this.flags = flags;
    }

    void installForUser() {
        String data = environment.variables().getOrDefault("JUPYTER_DATA_DIR", "");
        Path home = UserHome.ofProcess();
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        String xdg = environment.variables().getOrDefault("XDG_DATA_HOME", "");
        Path usual = mac
                ? home.resolve("Library/Jupyter")
                : (xdg.isEmpty() ? home.resolve(".local/share") : Path.of(xdg)).resolve("jupyter");
        install(data.isEmpty() ? usual : Path.of(data));
    }

    /** The Python environment that is active. */
    Optional<Path> pythonEnvironment() {
        return Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
                .map(it -> environment.variables().getOrDefault(it, ""))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .map(Path::of);
    }

    /** @param prefix the folder of a Python environment */
    void installUnder(Path prefix) {
        install(prefix.resolve("share/jupyter"));
    }

    private void install(Path data) {
        Path folder = data.resolve("kernels").resolve(NAME).toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the folder " + folder + " cannot be made: " + e.getMessage(),
                    "name a folder that you may write to: circuit jupyter install --prefix DIR");
        }
        for (String logo : LOGOS) {
            byte[] bytes = resource(logo);
            AtomicFile.write(folder.resolve(logo), out -> out.write(bytes));
        }
        byte[] json = (text() + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.resolve("kernel.json"), out -> out.write(json));
        environment.out().text().println("installed the kernel CircuitScript in " + Visible.line(folder.toString()));
    }

    private String text() {
        ObjectNode spec = Message.object();
        ArrayNode words = spec.putArray("argv");
        words.add(System.getProperty(LAUNCHER, "circuit"));
        flags.words().forEach(words::add);
        words.add("jupyter").add("kernel").add("{connection_file}");
        spec.put("display_name", "CircuitScript").put("language", NAME).put("interrupt_mode", "message");
        String java = environment.variables().getOrDefault(JAVA, "");
        if (!java.isEmpty()) spec.putObject("env").put(JAVA, java);
        spec.putObject("metadata").put("debugger", false);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = KernelSpec.class.getResourceAsStream("kernelspec/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
