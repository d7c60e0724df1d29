/** What Google Docs puts on the clipboard, its looks shortened. */
export const fromDocs = `<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-3f1c7c52-7fff-1a2b"><h1 dir="ltr" style="line-height:1.38;margin-top:20pt;"><span style="font-size:20pt;font-family:Arial,sans-serif;color:#000000;background-color:transparent;font-weight:400;font-style:normal;white-space:pre;white-space:pre-wrap;">The talks</span></h1><p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;"><span style="font-size:11pt;font-weight:400;font-style:normal;white-space:pre-wrap;">They broke down on </span><span style="font-size:11pt;font-weight:700;font-style:normal;">Saturday</span><span style="font-weight:400;"> in </span><span style="font-weight:400;font-style:italic;">Istanbul</span><span style="font-weight:400;">, </span><a href="https://example.org/talks_(2025)?a=1&amp;b=2" style="text-decoration:none;"><span style="color:#1155cc;font-weight:400;text-decoration:underline;">the paper says</span></a><span style="font-weight:400;"> [@daily, “at noon”] and https://a.example/x_y_z. 5 * 3 [sic].</span></p><br /><h2 dir="ltr"><span style="font-size:16pt;font-weight:700;">What comes next</span></h2><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">First</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span>Inner</span></p></li></ul><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:700;">Sec</span><span style="font-weight:700;">ond</span></p></li></ul><ol><li dir="ltr"><p><span>One</span></p></li><li><p><span>Two</span></p></li></ol><p dir="ltr"><span>A line<br />and the next</span><span style="font-weight:400"><span><img src="https://lh3.googleusercontent.com/x" width="10"></span></span></p><div dir="ltr"><table style="border:none"><colgroup><col><col></colgroup><tbody><tr><td><p dir="ltr"><span>Place</span></p></td><td><p><span>Toll | dead</span></p></td></tr><tr><td><p><span>Quay</span></p></td><td><p><span>47</span></p></td></tr></tbody></table></div><br /></b><br class="Apple-interchange-newline">`

/** What Word puts there, with its comments and its lists that are none. */
export const fromWord = `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15">
<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]-->
<title>x</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style>
<!--
 /* Style Definitions */
 p.MsoNormal {mso-style-unhide:no; margin:0cm;}
-->
</style>
</head>

<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'>
<!--StartFragment-->

<h1>The talks<o:p></o:p></h1>

<p class=MsoNormal>They broke down on <b>Saturday</b> in
<i style='mso-bidi-font-style:normal'>Istanbul</i>, <a href="https://example.org/talks"><span
class=MsoHyperlink>the paper says</span></a> [@daily]. <span
style='mso-spacerun:yes'>  </span>Nobody <b style='mso-bidi-font-weight:normal'><i>knows</i></b>.<o:p></o:p></p>

<p class=MsoNormal><o:p>&nbsp;</o:p></p>

<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>First<o:p></o:p></p>

<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-add-space:auto;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Inner<o:p></o:p></p>

<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Second,
over two lines<o:p></o:p></p>

<p class=MsoNormal>After it.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> <a href="javascript:alert(1)">Run</a><script>alert(1)</script><o:p></o:p></p>

<!--EndFragment-->
</body>

</html>`
