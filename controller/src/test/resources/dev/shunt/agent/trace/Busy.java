/** Spends its time in one method, so that it is compiled. */
public class Busy {
  private static long sink;

  static long spinInHere(long from) {
    long sum = from;
    for (int i = 0; i < 1_000_000; i++) {
      sum = sum * 31 + (i ^ (sum >>> 7));
    }
    return sum;
  }

  public static void main(String[] arguments) {
    for (int i = 0; i < 300; i++) {
      sink += spinInHere(i);
    }
    System.out.println("ready");
    while (true) {
      sink += spinInHere(sink);
    }
  }
}
