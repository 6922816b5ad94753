# Respuestas de la API simulada: repite lo que recibió y dice que nada de ello es real.
simulated-notice = **Esta respuesta es simulada.** No se consultó a ningún modelo ni se cobró nada; con una clave de MiniToolAI en la configuración, aquí responde el modelo real.
simulated-title-1 = Esto es lo que ha llegado
simulated-title-2 = Tu pregunta, leída en voz alta
simulated-title-3 = Un ensayo de tu respuesta
simulated-title-4 = Así que esto es lo que quieres saber
simulated-asked = Has preguntado:
simulated-earlier = { $count ->
    [one] Ha venido también una pregunta anterior de esta conversación: “{ $last }”.
   *[other] Han venido también { $count } preguntas anteriores de esta conversación, la última de ellas: “{ $last }”.
}
simulated-sight = **La imagen { $number }** es un { $format } de { $size } píxeles; sus colores principales: { $colours }.
simulated-blind = **La imagen { $number }** no se pudo leer aquí: ni venía con la pregunta ni está en esta máquina.
simulated-filler-1 = Pediste una respuesta larga, así que este párrafo llena la página. Muestra cómo se ajusta el texto, dónde termina una página y cómo empieza la siguiente, sin decir nada que valga la pena comprobar.
simulated-filler-2 = A los modelos reales les gusta enumerar aquí *ventajas*, *inconvenientes* y una conclusión equilibrada. La simulación no tiene opiniones, pero sabe cuánto sitio suelen ocupar.
simulated-filler-3 = Las palabras llegan una tras otra al ritmo de un modelo pequeño, unos treinta fragmentos por segundo. Si se te hace largo, el botón de detener funciona aquí exactamente igual que con una respuesta real.
simulated-filler-4 = Las tablas, las listas y el código también deben sobrevivir a un salto de página, y por eso vale la pena probar con respuestas largas: lo que queda abierto al final de una página se cierra allí y se vuelve a abrir en la siguiente.
simulated-what = Qué se envió
simulated-value = Valor
simulated-row-model = Modelo
simulated-row-words = Palabras de la pregunta
simulated-row-turns = Preguntas anteriores
simulated-row-pictures = Imágenes
simulated-row-instructions = Caracteres de las instrucciones
simulated-row-temperature = Temperatura
simulated-code = Y un fragmento de código, para que haya algo que copiar:
simulated-closing-1 = Pregunta otra cosa, adjunta una imagen o pide una con `/imagine`.
simulated-closing-2 = Una pregunta de seguimiento demuestra que la conversación se recuerda.
simulated-closing-3 = Empieza una pregunta con `fault:500` o `fault:cut` para ver cómo es un error.
simulated-closing-4 = Pon la palabra “largo” en una pregunta para obtener una respuesta de varias páginas.
simulated-colour-unknown = desconocido
simulated-colour-black = negro
simulated-colour-white = blanco
simulated-colour-grey = gris
simulated-colour-red = rojo
simulated-colour-orange = naranja
simulated-colour-yellow = amarillo
simulated-colour-green = verde
simulated-colour-turquoise = turquesa
simulated-colour-blue = azul
simulated-colour-lightblue = celeste
simulated-colour-purple = morado
simulated-colour-pink = rosa
simulated-colour-brown = marrón
simulated-colour-beige = beige
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = y el la los las es qué cómo yo no un una por porqué imagen muestra me tú puedes quién dónde cuándo nosotros cuál explica escribe con para sobre en del hola gracias
simulated-long = largo larga extenso detallado detallada
simulated-very = muy
