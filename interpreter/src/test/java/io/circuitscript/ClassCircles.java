package io.circuitscript;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that all need one another: the strongly connected components of what uses what, by Tarjan 1972. A nested class counts as the one around it. */
final class ClassCircles {
    private final Map<String, Set<String>> uses;
    private final Map<String, Integer> order = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final Set<String> isOpen = new HashSet<>();
    private final List<Set<String>> circles = new ArrayList<>();

    private ClassCircles(Map<String, Set<String>> uses) {
        this.uses = uses;
    }

    static List<Set<String>> of(JavaClasses classes) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> used = uses.computeIfAbsent(outermost(type), _ -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> classes.contain(target.getName()))
                    .forEach(target -> used.add(outermost(target)));
        }
        ClassCircles search = new ClassCircles(uses);
        uses.keySet().forEach(name -> {
            if (!search.order.containsKey(name)) search.visit(name);
        });
        return search.circles;
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private void visit(String name) {
        order.put(name, order.size());
        lowest.put(name, order.get(name));
        open.push(name);
        isOpen.add(name);
        for (String used : uses.getOrDefault(name, Set.of())) {
            if (!order.containsKey(used)) {
                visit(used);
                lowest.merge(name, lowest.get(used), Math::min);
            } else if (isOpen.contains(used)) {
                lowest.merge(name, order.get(used), Math::min);
            }
        }
        if (lowest.get(name).equals(order.get(name))) circles.add(closed(name));
    }

    private Set<String> closed(String root) {
        Set<String> circle = new TreeSet<>();
        String name;
        do {
            name = open.pop();
            isOpen.remove(name);
            circle.add(name);
        } while (!name.equals(root));
        return circle;
    }
}
