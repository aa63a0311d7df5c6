package io.circuitscript.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.engine.EngineCheck;
import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.model.natives.NativeCache;
import io.circuitscript.render.DrawingCheck;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of {@code doctor}. They download nothing and leave nothing behind. */
final class DoctorChecks {
    /** Unpacked engine and a little room. */
    private static final long LEAST_FREE = 1L << 30;

    private static final long LITTLE_MEMORY = 3L << 30;
    private static final Duration DRAWING = Duration.ofSeconds(20);

    private final ProcessEnvironment environment;
    private final Map<String, String> variables;

    /** @param variables the environment, as the command's options change it */
    DoctorChecks(ProcessEnvironment environment, Map<String, String> variables) {
        this.environment = environment;
        this.variables = variables;
    }

    /** @throws UserError with the way out, where it does not start */
    static DoctorFinding engine() {
        EngineCheck engine = EngineCheck.start();
        return DoctorFinding.ok(
                "engine",
                engine.library() + " starts, and computes on " + engine.device() + " with " + engine.threads()
                        + " threads");
    }

    static DoctorFinding gpu() {
        String found = EngineCheck.gpus();
        if (!EngineCheck.hasDriver()) return DoctorFinding.ok("gpu", found + ": models run on the CPU");
        EngineCheck engine = EngineCheck.start();
        if (!engine.device().equals("cpu"))
            return DoctorFinding.ok(
                    "gpu",
                    found + "; used as " + engine.device() + "; 'circuit doctor --device " + engine.device()
                            + "' checks its numbers");
        return DoctorFinding.warn("gpu", found + ", and it is not used", String.join("; ", engine.notes()));
    }

    DoctorFinding memory() {
        long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long heap = Runtime.getRuntime().maxMemory();
        String found = size(total) + ", of which the Java machine may take " + size(heap) + "; "
                + Runtime.getRuntime().availableProcessors() + " cores";
        if (total >= LITTLE_MEMORY) return DoctorFinding.ok("memory", found);
        return DoctorFinding.warn(
                "memory", found, "little: take small models, and set memory=256MB, or fewer rows with limit=");
    }

    DoctorFinding cache() {
        Path folder;
        try {
            folder = NativeCache.folder(variables);
        } catch (UserError none) {
            return DoctorFinding.failed("cache", none.getMessage(), none.help());
        }
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) there = there.getParent();
        String mend = "set CIRCUIT_CACHE to another folder";
        if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
            return DoctorFinding.failed(
                    "cache", folder + " cannot be written to, and native libraries are unpacked there", mend);
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String found = folder + ", " + size(free) + " free";
            List<String> notes = new ArrayList<>();
            NativeCache.open(variables, notes::add);
            boolean unpacked = Files.isDirectory(folder.resolve("pytorch"));
            if (!notes.isEmpty()) return DoctorFinding.warn("cache", found + "; " + String.join("; ", notes), "");
            if (unpacked || free >= LEAST_FREE) return DoctorFinding.ok("cache", found);
            return DoctorFinding.failed(
                    "cache", found + ", and the engine takes 450 MB of it once", "make room, or " + mend);
        } catch (UserError e) {
            return DoctorFinding.failed("cache", e.getMessage(), e.help());
        } catch (IOException e) {
            return DoctorFinding.warn("cache", folder + ": its free space is not known (" + e.getMessage() + ")", "");
        }
    }

    DoctorFinding models() {
        List<Path> folders = ModelLocator.SearchPath.of(
                        Optional.empty(), environment.folder(), variables, environment.folder())
                .folders();
        List<String> missing = folders.stream()
                .filter(folder -> !Files.isDirectory(folder))
                .map(Path::toString)
                .toList();
        if (!missing.isEmpty()) {
            return DoctorFinding.warn(
                    "models",
                    "CIRCUIT_MODELS names " + String.join(", ", missing) + ", where there is no folder",
                    "make it, or name another");
        }
        List<String> names = ModelLocator.names(folders);
        if (folders.isEmpty())
            return DoctorFinding.ok(
                    "models",
                    String.join(" and ", ModelLocator.BUNDLED)
                            + ", which are bundled; CIRCUIT_MODELS names no folders of others");
        return DoctorFinding.ok("models", String.join(", ", names) + " (CIRCUIT_MODELS)");
    }

    DoctorFinding hubCache() {
        Path folder = HubSettings.of(variables).cache();
        if (!Files.isDirectory(folder))
            return DoctorFinding.ok("hub cache", folder + " does not exist yet: nothing has been fetched from the hub");
        try (Stream<Path> files = Files.list(folder)) {
            long models = files.filter(file -> file.getFileName().toString().startsWith("models--"))
                    .count();
            long free = Files.getFileStore(folder).getUsableSpace();
            return DoctorFinding.ok(
                    "hub cache",
                    folder + ", " + models + (models == 1 ? " model, " : " models, ") + size(free) + " free");
        } catch (IOException e) {
            return DoctorFinding.warn(
                    "hub cache",
                    folder + " cannot be read",
                    "check who may read it, or set HF_HUB_CACHE to another folder");
        }
    }

    DoctorFinding hub() {
        return HubCheck.of(HubSettings.of(variables));
    }

    DoctorFinding pictures() {
        String found =
                DrawingCheck.dotCommand().map(dot -> "Graphviz's " + dot).orElse("the bundled Graphviz") + " draws";
        DrawingCheck.draw(() -> NativeCache.open(variables, note -> {}), DRAWING);
        return DrawingCheck.dotCommand().isPresent()
                ? DoctorFinding.ok("pictures", found)
                : DoctorFinding.ok("pictures", found + "; the dot command, which is quicker, is not installed");
    }

    static DoctorFinding fonts() {
        String font = DrawingCheck.font();
        if (DrawingCheck.hasFont()) return DoctorFinding.ok("fonts", font);
        return DoctorFinding.warn(
                "fonts",
                font + " is not installed: text in pictures may not fit its boxes",
                "install it, for example with 'apt install fonts-dejavu-core'");
    }

    static String size(long bytes) {
        if (bytes >= 10L << 30) return (bytes >> 30) + " GB";
        return bytes >= 1L << 30
                ? String.format(java.util.Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30))
                : (bytes >> 20) + " MB";
    }
}
