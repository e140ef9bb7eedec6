package dev.shunt.e2e.verify.kernels;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel packages that apt offers. Immutable.
 *
 * @param releases kernel releases as {@code uname -r} prints them, newest first
 */
record KernelCatalog(List<String> releases) {
  private static final Pattern PACKAGE =
      Pattern.compile("linux-image-(\\d+\\.\\d+\\.\\d+[-+][\\w.+-]*amd64) .*");

  private static final Pattern UNUSABLE = Pattern.compile(".*(-rt-amd64|-dbg|-unsigned)");
  private static final Pattern NUMBERS = Pattern.compile("\\d+");

  KernelCatalog {
    releases = List.copyOf(releases);
  }

  /** Reads what {@code apt-cache search --names-only '^linux-image-'} printed. */
  static KernelCatalog parse(List<String> lines) {
    List<String> releases = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = PACKAGE.matcher(line);
      if (matcher.matches() && !UNUSABLE.matcher(matcher.group(1)).matches()) {
        releases.add(matcher.group(1));
      }
    }
    releases.sort(Comparator.comparing(KernelCatalog::order).reversed());
    return new KernelCatalog(releases);
  }

  /** The release's numbers as digits of one: 6.1.0-56 sorts after 6.1.0-9. */
  private static BigInteger order(String release) {
    BigInteger order = BigInteger.ZERO;
    Matcher matcher = NUMBERS.matcher(release.replaceAll("(\\+deb\\d+|-amd64|-cloud-amd64)", ""));
    for (int place = 0; place < 4; place++) {
      BigInteger digit = matcher.find() ? new BigInteger(matcher.group()) : BigInteger.ZERO;
      order = order.shiftLeft(32).add(digit);
    }
    return order;
  }

  /** Of each series (6.1, 6.12) the newest that is not cut down for clouds; oldest series first. */
  List<String> newestOfEachSeries() {
    Map<String, String> newest = new LinkedHashMap<>();
    for (String release : releases) {
      if (!release.endsWith("-cloud-amd64")) {
        newest.putIfAbsent(series(release), release);
      }
    }
    List<String> chosen = new ArrayList<>(newest.values());
    Collections.reverse(chosen);
    return List.copyOf(chosen);
  }

  private static String series(String release) {
    return release.replaceAll("^(\\d+\\.\\d+).*", "$1");
  }

  /** The newest release that is, or begins with, {@code wanted}: {@code 6.1} or a whole release. */
  Optional<String> find(String wanted) {
    return releases.stream()
        .filter(release -> release.equals(wanted))
        .findFirst()
        .or(() -> releases.stream().filter(release -> begins(release, wanted)).findFirst());
  }

  private static boolean begins(String release, String wanted) {
    return release.startsWith(wanted)
        && (release.length() == wanted.length()
            || !Character.isDigit(release.charAt(wanted.length())));
  }
}
