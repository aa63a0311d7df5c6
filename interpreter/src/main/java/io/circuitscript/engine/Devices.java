package io.circuitscript.engine;

import ai.djl.util.cuda.CudaUtils;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which device a run is on. */
final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    private Devices() {}

    /** The device that a script's word means: {@code auto} is the first GPU where there is one. */
    static String choose(String word) {
        if (word.equals("cpu")) return word;
        int count = gpus();
        if (word.equals("auto")) return count > 0 ? "cuda:0" : "cpu";
        Matcher cuda = CUDA.matcher(word);
        if (!cuda.matches()) {
            throw UserError.input("unknown-device", "there is no device '" + word + "'", "auto, cpu, cuda, or cuda:N for one of several");
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        if (index >= count) throw noGpu(word, count);
        return "cuda:" + index;
    }

    private static UserError noGpu(String word, int count) {
        String found = count == 0 ? "this machine shows no CUDA device" : "this machine shows " + count + " CUDA device" + (count == 1 ? "" : "s");
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                "no-device",
                "device=" + word + ": " + found,
                List.of("a GPU needs its driver and a PyTorch built for CUDA: PYTORCH_LIBRARY_PATH names its lib folder"),
                "device=cpu runs the same script here");
    }

    private static int gpus() {
        return CudaUtils.hasCuda() ? CudaUtils.getGpuCount() : 0;
    }
}
