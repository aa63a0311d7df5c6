package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the methods of {@link Operations} against the native operations that they run. */
final class OperationsTest {
    private static final Pattern DEFINITION = Pattern.compile("  def (\\w+)\\(self: __torch__\\.M(.*)\\) -> (.*):");
    private static final Pattern PARAMETER = Pattern.compile(", (\\w+): ([^,]+)");

    /** A call of one operation by another. */
    private static final Pattern INNER_CALL = Pattern.compile("\\(self\\)\\.(\\w+)\\(");

    @Test
    void everyOperationHasAMethodOfTheSameArguments() {
        Set<String> missing = new TreeSet<>(signatures());
        Set<String> methods =
                methods().stream().map(OperationsTest::signature).collect(Collectors.toCollection(TreeSet::new));
        Set<String> strange = new TreeSet<>(methods);
        strange.removeAll(missing);
        missing.removeAll(methods);
        missing.removeIf(signature -> calledByOperations().contains(nameIn(signature)));
        assertEquals(Set.of(), strange, "methods without an operation");
        assertEquals(Set.of(), missing, "operations without a method");
    }

    /** What a method passes on, and under which name, is read by running it. */
    @Test
    void everyMethodPassesItsArgumentsOnInTheirOrder() throws ReflectiveOperationException {
        for (Method method : methods()) {
            Echo echo = new Echo();
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 1; i < arguments.length; i++) arguments[i] = example(method.getParameterTypes()[i], i);
            method.invoke(echo, arguments);
            List<Object> expected = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
            assertEquals(method.getName(), camelCase(echo.operation));
            assertEquals(expected, echo.arguments, method.getName());
            assertEquals(method.getReturnType() == List.class, echo.list, method.getName());
        }
    }

    @Test
    void noOperationIsUnused() {
        JavaClasses program = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.circuitscript");
        Set<String> called = program.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isAssignableTo(Operations.class))
                .filter(call -> !call.getOriginOwner().isEquivalentTo(Operations.class))
                .map(JavaMethodCall::getName)
                .collect(Collectors.toSet());
        Set<String> unused = methods().stream()
                .map(Method::getName)
                .filter(name -> !called.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unused);
    }

    private static List<Method> methods() {
        return Arrays.stream(Operations.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && !Modifier.isAbstract(method.getModifiers()))
                .toList();
    }

    /** As {@link #signature(Method)} writes them. */
    private static Set<String> signatures() {
        return DEFINITION
                .matcher(script())
                .results()
                .map(OperationsTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(MatchResult definition) {
        String parameters = PARAMETER
                .matcher(definition.group(2))
                .results()
                .map(parameter -> ", " + javaType(parameter.group(2)) + " " + camelCase(parameter.group(1)))
                .collect(Collectors.joining());
        return javaType(definition.group(3)) + " " + camelCase(definition.group(1)) + "(Scope scope" + parameters + ")";
    }

    private static String signature(Method method) {
        String parameters = Arrays.stream(method.getParameters())
                .map(parameter -> plain(parameter.getParameterizedType().getTypeName()) + " " + parameter.getName())
                .collect(Collectors.joining(", "));
        return plain(method.getGenericReturnType().getTypeName()) + " " + method.getName() + "(" + parameters + ")";
    }

    private static String plain(String type) {
        return type.replaceAll("\\w+\\.", "");
    }

    private static String nameIn(String signature) {
        return signature.substring(signature.indexOf(' ') + 1, signature.indexOf('('));
    }

    private static Set<String> calledByOperations() {
        return INNER_CALL
                .matcher(script())
                .results()
                .map(call -> camelCase(call.group(1)))
                .collect(Collectors.toSet());
    }

    private static String javaType(String type) {
        return switch (type) {
            case "Tensor" -> "Tensor";
            case "int" -> "long";
            case "float" -> "double";
            case "bool" -> "boolean";
            case "str" -> "String";
            case "List[Tensor]", "List[Optional[Tensor]]" -> "List<Tensor>";
            case "List[int]" -> "int[]";
            default -> throw new IllegalArgumentException("no Java type for " + type);
        };
    }

    private static Object example(Class<?> type, int number) {
        if (type == Tensor.class) return new Tensor(number);
        if (type == long.class) return (long) number;
        if (type == double.class) return (double) number;
        if (type == boolean.class) return true;
        if (type == String.class) return "text " + number;
        if (type == List.class) return List.of(new Tensor(number));
        if (type == int[].class) return new int[] {number};
        throw new IllegalArgumentException("no example of " + type);
    }

    private static String camelCase(String name) {
        return Pattern.compile("_(\\w)")
                .matcher(name)
                .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    private static String script() {
        try (InputStream in = Operations.class.getResourceAsStream("operations.torchscript")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what a method passes on. */
    private static final class Echo extends Operations {
        private String operation;
        private List<Object> arguments;
        private boolean list;

        @Override
        Tensor call(Scope scope, String operation, Object... arguments) {
            keep(operation, arguments, false);
            return null;
        }

        @Override
        List<Tensor> callList(Scope scope, String operation, Object... arguments) {
            keep(operation, arguments, true);
            return null;
        }

        private void keep(String operation, Object[] arguments, boolean list) {
            this.operation = operation;
            this.arguments = Arrays.asList(arguments);
            this.list = list;
        }
    }
}
