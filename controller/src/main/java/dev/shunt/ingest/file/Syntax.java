package dev.shunt.ingest.file;

import java.util.regex.Pattern;

/** Forms of text in policy files, each with the words that messages use for it. */
final class Syntax {
  static final String NAME = "lower case letters, digits, '-' and '.', at most 253";
  static final String NAMESPACE = "lower case letters, digits and '-', at most 63";
  static final String NETNS = "a name under /run/netns, host or '*'";
  static final String CGROUP = "a path below the cgroup v2 root, such as /system.slice/web.service";
  static final String EXECUTABLE = "an absolute path without '.', '..' and '//'";

  static final String LABEL_KEY = "a label key such as app or example.com/app, at most 317";
  static final String LABEL_VALUE = "a label value: letters, digits, '-', '_' and '.', at most 63";

  private static final int PATH_MAX = 4095; // PATH_MAX of linux/limits.h without the final zero
  private static final int NAME_MAX = 253; // RFC 1123 subdomain, as Kubernetes has it
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern FILE_NAME = Pattern.compile("[^/\\p{Cntrl}]{1,255}");

  private static final Pattern INTERFACE = Pattern.compile("[^/:\\s\\p{Cntrl}]{1,15}");

  /** Name and value of a label, as Kubernetes has them. */
  private static final Pattern QUALIFIED =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private Syntax() {}

  static boolean isLabelKey(String text) {
    int slash = text.indexOf('/');
    return QUALIFIED.matcher(text.substring(slash + 1)).matches()
        && (slash < 0 || isName(text.substring(0, slash)));
  }

  static boolean isLabelValue(String text) {
    return text.isEmpty() || QUALIFIED.matcher(text).matches();
  }

  static boolean isName(String text) {
    if (text.length() > NAME_MAX) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (!isNamespace(label)) {
        return false;
      }
    }
    return true;
  }

  static boolean isNamespace(String text) {
    return LABEL.matcher(text).matches();
  }

  static boolean isNetns(String text) {
    return isFileName(text);
  }

  /** With or without the leading slash; not the root itself, which selects everything. */
  static boolean isCgroup(String text) {
    return isAbsolutePath(text.startsWith("/") ? text : "/" + text);
  }

  static boolean isAbsolutePath(String text) {
    if (!text.startsWith("/") || text.length() > PATH_MAX) {
      return false;
    }
    for (String part : text.substring(1).split("/", -1)) {
      if (!isFileName(part)) {
        return false;
      }
    }
    return true;
  }

  /** A name or a glob of names: IFNAMSIZ of linux/if.h without the final zero. */
  static boolean isInterface(String text) {
    return INTERFACE.matcher(text).matches();
  }

  private static boolean isFileName(String text) {
    return FILE_NAME.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }
}
