import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDCheckBox;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDVariableText;

/**
 * Fills a form by Apache PDFBox: blank, saved file, and a file of lines "name TAB value", both in Base64. A tick's value is on.
 * What it will not take is printed the same way, with what it said. A field whose appearance it cannot draw gets its value
 * all the same, without one, and the file says that appearances are to be drawn (as its users do it).
 */
class FillPdfBox {
  public static void main(String[] words) throws Exception {
    try (PDDocument document = Loader.loadPDF(new File(words[0]))) {
      PDAcroForm form = document.getDocumentCatalog().getAcroForm(null);
      for (String line : Files.readAllLines(Path.of(words[2]))) {
        String name = decoded(line.split("\t", -1)[0]);
        String value = decoded(line.split("\t", -1)[1]);
        try {
          fill(form, form.getField(name), value);
        } catch (RuntimeException | java.io.IOException error) {
          System.out.println(encoded(name) + "\t" + encoded(String.valueOf(error.getMessage())));
        }
      }
      document.save(new File(words[1]));
    }
  }

  private static void fill(PDAcroForm form, PDField field, String value) throws java.io.IOException {
    if (field instanceof PDCheckBox box) {
      box.check();
      return;
    }
    try {
      field.setValue(value);
    } catch (IllegalArgumentException error) {
      if (!(field instanceof PDVariableText)) throw error;
      form.setNeedAppearances(true);
      field.setValue(value);
    }
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
