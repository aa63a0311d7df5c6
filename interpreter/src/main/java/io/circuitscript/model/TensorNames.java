package io.circuitscript.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the tensors of a checkpoint are called once all that is not the model's is left out: the family's prefix, which some have and some not, and
 * what programs that wrapped the model for training have put into the names.
 */
final class TensorNames {
    /** Names of modules that PyTorch puts around a model or around some of its blocks, wherever they stand. */
    private static final Pattern WRAPPER =
            Pattern.compile("(?<![^.])(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\\.");

    /** So many modules may stand around a model. */
    private static final int MOST_AROUND = 8;

    private final Map<String, String> byFileName = new LinkedHashMap<>();
    private final SequencedSet<String> leftOut = new LinkedHashSet<>();
    private int ofOtherParts;

    private TensorNames() {}

    /**
     * @param wrapper what the model is the text part of
     * @param inFile as the files have them
     */
    static TensorNames of(Family family, Optional<Wrapper> wrapper, Set<String> inFile) {
        TensorNames names = new TensorNames();
        for (String name : inFile) {
            String unwrapped = names.unwrapped(name);
            Optional<String> text =
                    wrapper.isEmpty() ? Optional.of(unwrapped) : wrapper.get().textName(unwrapped);
            text.ifPresentOrElse(it -> names.byFileName.put(name, it), () -> names.ofOtherParts++);
        }
        String around = names.around(family);
        if (!around.isEmpty()) names.leftOut.add(around);
        names.byFileName.replaceAll((name, unwrapped) -> ours(family, unwrapped.substring(around.length())));
        return names;
    }

    /** Empty where the tensor is of another part than the text model. */
    Optional<String> of(String inFile) {
        return Optional.ofNullable(byFileName.get(inFile));
    }

    /** How many tensors are of other parts than the text model. */
    int ofOtherParts() {
        return ofOtherParts;
    }

    /** What a user should know of names that were changed. */
    Optional<String> note() {
        if (leftOut.isEmpty()) return Optional.empty();
        return Optional.of("tensor names contain "
                + leftOut.stream().map(it -> "\"" + it + "\"").collect(Collectors.joining(" and "))
                + ", added by a wrapper that was around the model when it was saved; they are read without it");
    }

    private String unwrapped(String name) {
        var matcher = WRAPPER.matcher(name);
        if (!matcher.find()) return name;
        leftOut.add(matcher.group());
        return matcher.replaceAll("");
    }

    /** What all names begin with and without which they are the family's; empty where they are so already, or never. */
    private String around(Family family) {
        String tokens = family.weight(Family.Part.TOKENS, 0);
        String around = "";
        for (int modules = 0; modules <= MOST_AROUND; modules++) {
            int length = around.length();
            if (byFileName.values().stream()
                    .anyMatch(name -> ours(family, name.substring(length)).equals(tokens))) return around;
            String first = byFileName.values().stream().findFirst().orElse("");
            int end = first.indexOf('.', length);
            if (end < 0) return "";
            String further = first.substring(0, end + 1);
            if (!byFileName.values().stream().allMatch(name -> name.startsWith(further))) return "";
            around = further;
        }
        return "";
    }

    /** Without the family's prefix, or what is left of it in a checkpoint that was saved from within the model. */
    static String ours(Family family, String name) {
        for (String prefix = family.prefix(); !prefix.isEmpty(); prefix = prefix.substring(prefix.indexOf('.') + 1)) {
            if (name.startsWith(prefix)) return name.substring(prefix.length());
        }
        return name;
    }
}
