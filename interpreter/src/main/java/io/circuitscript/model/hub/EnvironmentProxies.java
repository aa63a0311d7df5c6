package io.circuitscript.model.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The proxies that {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy} name, which Java by itself does not read. */
final class EnvironmentProxies extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final Map<String, String> environment;

    private EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    static ProxySelector of(Map<String, String> environment) {
        return new EnvironmentProxies(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        if (isDirect(uri.getHost())) return DIRECT;
        return value(uri.getScheme() + "_proxy")
                .or(() -> value("all_proxy"))
                .flatMap(EnvironmentProxies::address)
                .map(List::of)
                .orElse(DIRECT);
    }

    private Optional<String> value(String name) {
        return Stream.of(name, name.toUpperCase(java.util.Locale.ROOT))
                .map(environment::get)
                .filter(text -> text != null && !text.isBlank())
                .map(String::strip)
                .findFirst();
    }

    /** A name of {@code no_proxy} stands for itself and what ends in it. */
    private boolean isDirect(String host) {
        return value("no_proxy").stream()
                .flatMap(list -> Stream.of(list.split("[,\\s]+")))
                .anyMatch(name -> {
                    String plain = name.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", "");
                    if (name.equals("*")) return true;
                    boolean within = host.toLowerCase(Locale.ROOT).endsWith("." + plain.toLowerCase(Locale.ROOT));
                    return !plain.isEmpty() && (host.equalsIgnoreCase(plain) || within);
                });
    }

    private static Optional<Proxy> address(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() == null) return Optional.empty();
            int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            return Optional.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port)));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException why) {
        // The request itself fails, and says so.
    }
}
