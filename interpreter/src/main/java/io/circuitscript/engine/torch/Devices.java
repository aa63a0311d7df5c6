package io.circuitscript.engine.torch;

import io.circuitscript.model.natives.NativeLibraries;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the device that a run is on. The libraries that come with the program know the CPU only; a GPU takes its driver and a PyTorch that is
 * installed on the machine and was built for CUDA. Where no libraries come with the program, the CPU takes an installed PyTorch too.
 */
public final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");
    private static final String INSTALL =
            "`pip install torch==2.7.1` in an active environment, or name another PyTorch's folder in CIRCUIT_PYTORCH";
    private static final String LOOKED =
            "looked at PYTORCH_LIBRARY_PATH, CIRCUIT_PYTORCH, VIRTUAL_ENV, CONDA_PREFIX, the python on the PATH, ~/.local";
    /** What every start on a GPU says. */
    public static final String UNTRIED =
            "this program has not been tried on a GPU yet: 'circuit doctor --device cuda' checks its numbers in a minute";

    private static final String ON_CPU = "device=cpu runs the same script here";

    private final Supplier<CudaDriver> driver;
    private final PyTorchSearch search;
    private final boolean bundled;

    /**
     * A device, and what gives it.
     *
     * @param device {@code cpu} or {@code cuda:0}
     * @param pytorch an installed one; else that which comes with the program
     * @param notes what the user should know
     */
    public record Choice(String device, Optional<InstalledPyTorch> pytorch, List<String> notes) {
        boolean cuda() {
            return !device.equals("cpu");
        }
    }

    /** @param bundled whether a PyTorch comes with the program */
    Devices(Supplier<CudaDriver> driver, PyTorchSearch search, boolean bundled) {
        this.driver = driver;
        this.search = search;
        this.bundled = bundled;
    }

    static Devices ofMachine() {
        return new Devices(CudaDriver::ask, new PyTorchSearch(System.getenv()), NativeLibraries.hasPyTorch());
    }

    /**
     * What a script's word means here.
     *
     * @param running what the engine was started for, where it was: it cannot change any more
     */
    Choice choose(String word, Optional<Choice> running) {
        if (word.equals("cpu")) return cpu(running, List.of());
        if (word.equals("auto")) return auto(running);
        Matcher cuda = CUDA.matcher(word);
        if (!cuda.matches()) {
            throw UserError.input(
                    ErrorCode.UNKNOWN_DEVICE,
                    "there is no device '" + word + "'",
                    "auto, cpu, cuda, or cuda:N for one of several");
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        CudaDriver found = driver.get();
        if (index >= found.gpus())
            throw unavailable(
                    word, found.phrase(), List.of("a GPU needs its driver, and a PyTorch built for CUDA"), ON_CPU);
        if (running.isPresent() && !running.get().cuda()) {
            throw unavailable(
                    word,
                    "PyTorch has run on the CPU here since the first load",
                    List.of(),
                    "say device=cuda at the first load; those after it may say device=cpu");
        }
        InstalledPyTorch pytorch = running.flatMap(Choice::pytorch).orElseGet(() -> forCuda(word));
        return gpu(index, pytorch);
    }

    private Choice cpu(Optional<Choice> running, List<String> notes) {
        Optional<InstalledPyTorch> pytorch = search.named();
        if (pytorch.isEmpty() && !bundled)
            pytorch = running.flatMap(Choice::pytorch).or(() -> Optional.of(inPlaceOfBundled()));
        return new Choice("cpu", pytorch, notes);
    }

    /** Of those that are installed the first of the version that the bindings were built with: another may end the process. */
    private InstalledPyTorch inPlaceOfBundled() {
        List<InstalledPyTorch> all = search.installed();
        Optional<InstalledPyTorch> tested =
                all.stream().filter(InstalledPyTorch::tested).findFirst();
        if (tested.isPresent()) return tested.get();
        throw new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.NO_PYTORCH,
                "this copy of the program comes without PyTorch, and no PyTorch " + InstalledPyTorch.TESTED
                        + "x is installed here",
                all.isEmpty()
                        ? List.of(LOOKED)
                        : all.stream().map(it -> "found " + it.phrase()).toList(),
                "take the archive whose name ends with -full, which holds it; or " + INSTALL);
    }

    /** The first GPU where everything it needs is there. Says why not only where somebody could expect one. */
    private Choice auto(Optional<Choice> running) {
        CudaDriver found = driver.get();
        Optional<InstalledPyTorch> named = search.named();
        if (found.gpus() == 0) {
            boolean expected =
                    found.installed() || named.filter(InstalledPyTorch::forCuda).isPresent();
            return cpu(running, expected ? List.of("on cpu: " + found.phrase()) : List.of());
        }
        if (running.isPresent() && !running.get().cuda())
            return cpu(running, List.of("on cpu: PyTorch has run on the CPU here since the first load"));
        Optional<InstalledPyTorch> best =
                running.flatMap(Choice::pytorch).or(() -> named).or(this::best);
        // An untested version may end the process: only who asks for it gets it.
        boolean asked = running.isPresent() || named.isPresent();
        if (best.isPresent() && best.get().forCuda() && (asked || best.get().tested())) return gpu(0, best.get());
        String why = best.map(it -> "the one found is " + it.phrase()
                        + (it.forCuda() ? "; device=cuda tries it" : ", which was built without CUDA"))
                .orElse("none was found: " + INSTALL);
        return cpu(
                running,
                List.of("on cpu: " + found.phrase() + ", and PyTorch " + InstalledPyTorch.TESTED
                        + "x built for CUDA is needed; " + why));
    }

    private static Choice gpu(int index, InstalledPyTorch pytorch) {
        String device = "cuda:" + index;
        String untested = pytorch.tested()
                ? ""
                : ", which is not the version " + InstalledPyTorch.TESTED + "x that this program is built for";
        return new Choice(
                device, Optional.of(pytorch), List.of("on " + device + ", by " + pytorch.phrase() + untested, UNTRIED));
    }

    /** Of several, one built for CUDA; of those, one of the version that the bindings were built with; of those, the first. */
    private Optional<InstalledPyTorch> best() {
        List<InstalledPyTorch> all = search.installed();
        return all.stream()
                .filter(InstalledPyTorch::forCuda)
                .filter(InstalledPyTorch::tested)
                .findFirst()
                .or(() -> all.stream().filter(InstalledPyTorch::forCuda).findFirst())
                .or(() -> all.stream().findFirst());
    }

    private InstalledPyTorch forCuda(String word) {
        Optional<InstalledPyTorch> best = search.named().or(this::best);
        if (best.isPresent() && best.get().forCuda()) return best.get();
        List<String> notes = best.map(it -> List.of("found " + it.phrase() + ", which was built without CUDA"))
                .orElse(List.of(LOOKED));
        throw unavailable(word, "there is no PyTorch built for CUDA", notes, INSTALL + "; " + ON_CPU);
    }

    private static UserError unavailable(String word, String why, List<String> notes, String help) {
        return new UserError(
                UserError.Kind.UNAVAILABLE, ErrorCode.NO_DEVICE, "device=" + word + ": " + why, notes, help);
    }
}
