package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shunt.datapath.libbpf.Blazesym;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.symbols.Symbolizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that only blazesym knows, of a C++ program whose code is where it says. */
class BlazesymProfileIT {
  @TempDir private Path home;

  @Test
  void function_inlinedIntoAnother_hasBothNamesDemangled() throws IOException {
    assumeTrue(
        Blazesym.load().map(BlazesymProfileIT::close).orElse(false),
        "load libblazesym_c.so failed: not installed; name it with SHUNT_BLAZESYM");
    Path source = home.resolve("shop.cpp");
    Files.writeString(
        source,
        """
        #include <cstdio>
        namespace shop {
        static volatile unsigned long sink;
        __attribute__((always_inline)) inline unsigned long add(int price) {
          unsigned long here;
        #ifdef __x86_64__
          asm volatile("lea 0(%%rip), %0" : "=r"(here));
        #else
          asm volatile("adr %0, ." : "=r"(here));
        #endif
          sink += price;
          return here;
        }
        struct Cart {
          __attribute__((noinline)) unsigned long total(int price) { return add(price); }
        };
        }
        int main() {
          shop::Cart cart;
          std::printf("%lu\\n", cart.total(3));
          std::fflush(stdout);
          std::getchar();
        }
        """);
    Path program = home.resolve("shop");
    TestObjects.run(List.of("g++", "-O2", "-g", "-o", program.toString(), source.toString()));
    try (TalkingProcess shop = new TalkingProcess(List.of(program.toString()));
        Symbolizer symbols = new Symbolizer()) {
      long address = Long.parseLong(shop.next());

      assertThat(symbols.user(shop.pid(), address))
          .containsExactly("shop::Cart::total(int)", "shop::add(int)");
    }
  }

  private static boolean close(Blazesym library) {
    library.close();
    return true;
  }
}
