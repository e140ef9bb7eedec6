@NullMarked
package dev.shunt.datapath.programs;

import org.jspecify.annotations.NullMarked;
