package dev.shunt.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A profile as an SVG image that needs nothing else: a rectangle a frame, as wide as its share of
 * the samples, callers below; a tooltip says name and share. Stateless.
 */
final class FlameGraph {
  private static final double WIDTH = 1200;
  private static final double ROW = 17;
  private static final double MARGIN = 10;
  private static final double HEAD = 40;
  private static final double CHARACTER = 6.6;

  /** Narrower frames cannot be seen. */
  private static final double WIDTH_MIN = 0.2;

  private FlameGraph() {}

  /** One frame and what it calls. */
  private static final class Frame {
    final Map<String, Frame> children = new TreeMap<>();
    long samples;

    int depth() {
      return 1 + children.values().stream().mapToInt(Frame::depth).max().orElse(0);
    }
  }

  /**
   * The image.
   *
   * @param title above it
   * @param stacks frames, the outermost first, and how often
   */
  static String svg(String title, Map<List<String>, Long> stacks) {
    Frame root = new Frame();
    stacks.forEach(
        (path, count) -> {
          Frame at = root;
          at.samples += count;
          for (String name : path) {
            at = at.children.computeIfAbsent(name, key -> new Frame());
            at.samples += count;
          }
        });
    double height = HEAD + root.depth() * ROW + MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
                + " font-family=\"monospace\" font-size=\"11\">%n",
            WIDTH, height));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fcfcf8\"/>\n");
    svg.append(
        format(
            "<text x=\"%.0f\" y=\"22\" font-size=\"14\">%s</text>%n",
            MARGIN, escaped("%s: %d samples".formatted(title, root.samples))));
    double scale = (WIDTH - 2 * MARGIN) / Math.max(1, root.samples);
    draw(
        svg, new Place("all", MARGIN, height - MARGIN - ROW), root, new Scale(scale, root.samples));
    return svg.append("</svg>\n").toString();
  }

  private record Place(String name, double x, double y) {}

  private record Scale(double pixels, long all) {}

  private static void draw(StringBuilder svg, Place place, Frame frame, Scale scale) {
    double width = frame.samples * scale.pixels();
    if (width < WIDTH_MIN) {
      return;
    }
    String share =
        format("%d samples, %.2f %%", frame.samples, 100.0 * frame.samples / scale.all());
    svg.append(
        format(
            "<g><title>%s (%s)</title><rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\""
                + " fill=\"%s\" stroke=\"#fcfcf8\" stroke-width=\"0.5\"/>",
            escaped(place.name()),
            share,
            place.x(),
            place.y(),
            width,
            ROW - 1,
            color(place.name())));
    int room = (int) ((width - 4) / CHARACTER);
    if (room >= 3) {
      svg.append(
          format(
              "<text x=\"%.2f\" y=\"%.1f\">%s</text>",
              place.x() + 2, place.y() + ROW - 5, escaped(shortened(place.name(), room))));
    }
    svg.append("</g>\n");
    double x = place.x();
    for (Map.Entry<String, Frame> child : frame.children.entrySet()) {
      draw(svg, new Place(child.getKey(), x, place.y() - ROW), child.getValue(), scale);
      x += child.getValue().samples * scale.pixels();
    }
  }

  private static String shortened(String name, int room) {
    return name.length() <= room ? name : name.substring(0, room - 2) + "..";
  }

  /** The kernel in orange, what has no name in grey, all else in reds by name. */
  private static String color(String name) {
    if (name.endsWith("_[k]")) {
      return "#f0a050";
    }
    if (name.startsWith("[")) {
      return "#c0c0c0";
    }
    int hue = Math.floorMod(name.hashCode(), 50);
    return format("hsl(%d,75%%,65%%)", hue);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c < ' ' ? '?' : c);
      }
    }
    return escaped.toString();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
