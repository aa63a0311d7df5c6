package io.circuitscript.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The scripts of the conformance cases and the examples with statements and tokens removed, doubled, swapped and replaced. */
final class ScriptFuzzer extends Fuzzer {
    private static final List<Path> CORPUS = List.of(Path.of("src/test/resources/conformance"), Path.of("../examples"));

    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:[^\"\\\\\\n]|\\\\.)*\"|#[^\\n]*|[\\p{L}\\p{N}_./:]+|\\n|[ \\t\\r]+|->|\\.\\.|[=<>!]=|.",
            Pattern.DOTALL);

    private static final List<String> SPECIAL = List.of(
            "\"",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "->",
            "..",
            " - ",
            " * ",
            "*",
            "=",
            ",",
            "\n",
            ";",
            "m0",
            "a1.h2",
            "a1.h*<qk>",
            "logits",
            "input",
            "none",
            "true",
            "\"\"",
            "\"m{l}\"",
            "1..3",
            "5%",
            "x",
            "r.faithfulness",
            "with=zero",
            "with=mean",
            "on=test",
            "top=",
            "level=neuron",
            "method=exact",
            "evaluate",
            "prune",
            "for x in ",
            "while ",
            "quiet {",
            "break",
            "continue",
            "return ",
            "if x > 1 {",
            "x=",
            " for y in ",
            "write ",
            "read ",
            "-",
            "not ",
            "^",
            "&",
            "in ",
            "if ",
            "for ",
            "def ",
            "where ",
            "é",
            "\0",
            "\uFEFF");

    private final boolean runs;
    private final List<String> texts = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();

    ScriptFuzzer(Path folder, boolean runs) throws IOException {
        super(folder);
        this.runs = runs;
        for (Path corpus : CORPUS) {
            try (Stream<Path> files = Files.walk(corpus)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) take(file);
            }
        }
        texts.forEach(text -> tokens.addAll(tokens(text)));
    }

    private void take(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".circuit")) {
            String text = Files.readString(file);
            if (text.length() < 3000) texts.add(small(text));
        } else if (name.endsWith(".csv") && Files.size(file) < 100_000 && !Files.exists(folder.resolve(name))) {
            Files.copy(file, folder.resolve(name));
        }
    }

    /** Of little data, few steps and no picture that another program draws. */
    private static String small(String text) {
        return text.replaceAll("(?m)^(\\s*data \"[^\"]*\")(?!.*limit=)", "$1 limit=2")
                .replaceAll("limit=\\d+", "limit=2")
                .replaceAll("ig=\\d+", "ig=2")
                .replaceAll("count=\\d+", "count=4")
                .replaceAll("\\.(png|svg|pdf)\"", ".dot\"");
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        var token = TOKEN.matcher(text);
        while (token.find()) tokens.add(token.group());
        return tokens;
    }

    @Override
    void once(Random random) throws IOException {
        String script = mutant(random);
        write("fuzz.circuit", script.getBytes(StandardCharsets.UTF_8));
        if (runs) session.run(script);
        else session.check(script);
    }

    private String mutant(Random random) {
        String text = texts.get(random.nextInt(texts.size()));
        if (random.nextInt(3) == 0) text = lines(text, random);
        List<String> changed = tokens(text);
        Mutation mutation = new Mutation(random);
        for (int change = random.nextInt(4); change > 0; change--) mutation.token(changed, tokens, SPECIAL);
        return String.join("", changed);
    }

    /** Whole statements removed, doubled, swapped, or taken from another script. */
    private String lines(String text, Random random) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String[] other = texts.get(random.nextInt(texts.size())).split("\n");
        for (int change = random.nextInt(3); change >= 0 && !lines.isEmpty(); change--) {
            int at = random.nextInt(lines.size());
            switch (random.nextInt(4)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 2 -> lines.add(at, other[random.nextInt(other.length)]);
                default -> java.util.Collections.swap(lines, at, random.nextInt(lines.size()));
            }
        }
        return String.join("\n", lines);
    }
}
