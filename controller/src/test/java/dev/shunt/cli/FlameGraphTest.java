package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.v1.TraceProfile;
import dev.shunt.v1.TraceStack;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FlameGraphTest {
  private static final Map<List<String>, Long> STACKS = new LinkedHashMap<>();

  static {
    STACKS.put(List.of("web", "main", "read<int>"), 75L);
    STACKS.put(List.of("web", "main", "write_[k]"), 25L);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static double width(NodeList groups, String title) {
    for (int i = 0; i < groups.getLength(); i++) {
      Element group = (Element) groups.item(i);
      if (group.getElementsByTagName("title").item(0).getTextContent().startsWith(title)) {
        Element rectangle = (Element) group.getElementsByTagName("rect").item(0);
        return Double.parseDouble(rectangle.getAttribute("width"));
      }
    }
    throw new AssertionError(title);
  }

  @Test
  void svg_twoStacks_isXmlWhoseWidthsAreTheShares() throws Exception {
    NodeList groups = parse(FlameGraph.svg("CPU", STACKS)).getElementsByTagName("g");

    assertThat(groups.getLength()).isEqualTo(5);
    double all = width(groups, "all (100 samples");
    assertThat(width(groups, "main (100 samples")).isEqualTo(all);
    assertThat(width(groups, "read<int> (75 samples, 75.00 %)")).isEqualTo(all * 0.75);
    assertThat(width(groups, "write_[k] (25 samples")).isEqualTo(all * 0.25);
  }

  @Test
  void svg_nothing_isStillAnImage() throws Exception {
    assertThat(parse(FlameGraph.svg("CPU", Map.of())).getDocumentElement().getTagName())
        .isEqualTo("svg");
  }

  @Test
  void folded_equalStacks_areCountedTogetherInOneLine() {
    FoldedStacks stacks = new FoldedStacks();
    TraceStack.Builder stack =
        TraceStack.newBuilder().setCommand("web").addFrames("main").addFrames("a;b").setCount(2);
    stacks.add(TraceProfile.newBuilder().addStacks(stack.setPid(1)).build());
    stacks.add(TraceProfile.newBuilder().addStacks(stack.setPid(2)).build());

    assertThat(stacks.text()).isEqualTo("web;main;a:b 4\n");
    assertThat(stacks.samples()).isEqualTo(4);
  }
}
