package dev.shunt.e2e.cluster.kubelet;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expands {@code $(NAME)} as Kubernetes does in commands, arguments and values. Stateless. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$|\\(([^()]*)\\))");

  private Variables() {}

  /** {@code $$} is a dollar sign; a name that nobody defined stays as it is written. */
  static String expand(String text, Map<String, String> environment) {
    Matcher found = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    while (found.find()) {
      String name = found.group(2);
      String value =
          name == null ? "$" : environment.getOrDefault(name, String.valueOf(found.group()));
      found.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return found.appendTail(expanded).toString();
  }
}
