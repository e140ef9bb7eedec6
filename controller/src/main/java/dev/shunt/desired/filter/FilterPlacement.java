package dev.shunt.desired.filter;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a filter is attached.
 *
 * @param hook to use
 * @param direction of the packets; XDP sees {@link FilterDirection#INGRESS} only
 * @param subject what the names are
 * @param names or globs with {@code *} and {@code ?}; empty exactly for the default route
 * @param fallback of an XDP filter whose interface is taken
 */
public record FilterPlacement(
    FilterHook hook,
    FilterDirection direction,
    FilterSubject subject,
    List<String> names,
    XdpFallback fallback) {
  /** Copies the list and checks what goes together. */
  public FilterPlacement {
    names = List.copyOf(names);
    if (hook == FilterHook.XDP && direction == FilterDirection.EGRESS) {
      throw new IllegalArgumentException("direction: egress (expected: ingress with hook xdp)");
    }
    if (hook == FilterHook.XDP && subject == FilterSubject.PODS) {
      throw new IllegalArgumentException("pods: with hook xdp (expected: hook tc)");
    }
    if (names.isEmpty() != (subject == FilterSubject.DEFAULT_ROUTE)) {
      throw new IllegalArgumentException(
          subject == FilterSubject.DEFAULT_ROUTE
              ? "names: " + names + " (expected: none with the default route)"
              : "names: none (expected: at least one name or glob)");
    }
  }

  /** Whether one of the names, or globs, is this one's. */
  public boolean selects(String name) {
    return names.contains(name)
        || names.stream().anyMatch(glob -> isGlob(glob) && matches(glob, name));
  }

  private static boolean isGlob(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  private static boolean matches(String glob, String name) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      pattern.append(
          switch (glob.charAt(i)) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(glob.substring(i, i + 1));
          });
    }
    return Pattern.matches(pattern.toString(), name);
  }
}
