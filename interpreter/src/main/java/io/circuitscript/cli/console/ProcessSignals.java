package io.circuitscript.cli.console;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * This process's interrupts. The JDK has one way to take a signal without ending, {@code sun.misc.Signal}; it is reached by reflection because
 * naming it gives a compiler warning that cannot be turned off. A JDK without it leaves Ctrl-C as it was: the process ends.
 */
final class ProcessSignals implements Signals {
    @Override
    public Registration onInterrupt(Runnable action) {
        return on("INT", action);
    }

    /** A signal that the process was started to ignore, as by {@code nohup}, stays ignored: the JDK sees to that. */
    @Override
    public Registration onInterruptOrEnd(Runnable interrupt, Runnable end) {
        List<Registration> all = List.of(on("INT", interrupt), on("TERM", end), on("HUP", end));
        return () -> all.reversed().forEach(Registration::close);
    }

    private static Registration on(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            Object interrupt = signalType.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    ProcessSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) return method.invoke(action, arguments);
                        action.run();
                        return null;
                    });
            Object before = handle.invoke(null, interrupt, handler);
            return () -> restore(handle, interrupt, before);
        } catch (ReflectiveOperationException e) {
            return () -> {};
        }
    }

    private static void restore(Method handle, Object interrupt, Object before) {
        try {
            handle.invoke(null, interrupt, before);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a handler that was replaced could not be put back", e);
        }
    }
}
