import java.util.ArrayList;
import java.util.List;

/** Makes garbage, some of which lives for a while, when it is told to; ends with a full collection. */
public class Churn {
  private static Object sink;

  public static void main(String[] arguments) throws Exception {
    List<byte[]> kept = new ArrayList<>();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      for (int i = 0; i < 30_000; i++) {
        sink = new byte[10_000];
        if (i % 100 == 0) {
          kept.add(new byte[100_000]);
        }
        if (kept.size() > 200) {
          kept.clear();
        }
      }
      System.gc();
      System.out.println("done");
    }
  }
}
